"""A terminal monitor for cloud failover sessions of Veeam Backup Enterprise Manager."""

__version__ = "0.2.0"
