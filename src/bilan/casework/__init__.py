"""What must be done, by whom, by when: alerts as episodes, cases that run a declared flow, evidence that nobody can alter."""
