"""The guard: finds personal data in text before it can become public. Only the author is shown what it found."""

from forsamlingshus.kernel.personal_data.findings import Finding, Kind, Level, excerpt, worst
from forsamlingshus.kernel.personal_data.scanner import scan, scan_markdown

__all__ = ["Finding", "Kind", "Level", "excerpt", "scan", "scan_markdown", "worst"]
