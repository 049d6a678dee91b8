"""The law workbench: endings, evidence and single questions, worked out from facts that a person gives."""
