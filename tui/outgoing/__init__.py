"""What a followed session sends out by itself: events, notifications, figures."""
