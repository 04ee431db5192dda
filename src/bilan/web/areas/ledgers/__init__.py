"""What happened to registers: histories, change sets, suspicious pairs, yearly lists."""
