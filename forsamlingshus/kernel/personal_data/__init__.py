"""The guard: finds personal data in text before it can become public, by the rule in security.md D1."""

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level, excerpt, worst
from forsamlingshus.kernel.personal_data.scanner import scan, scan_markdown

__all__ = ["Finding", "Kind", "Level", "excerpt", "scan", "scan_markdown", "worst"]
