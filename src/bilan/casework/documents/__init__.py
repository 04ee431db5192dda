"""Enforcement documents as Word files, from templates that lawyers edit in Word."""

from bilan.casework.documents.declared import Paper, paper, papers, papers_of
from bilan.casework.documents.making import make

__all__ = ["Paper", "make", "paper", "papers", "papers_of"]
