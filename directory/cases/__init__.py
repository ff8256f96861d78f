"""Cases: what every matter that somebody brings and a desk settles has in common, whatever it is about.

States and actions as data, clocks and calendars, who brings and who reads, messages, notes and contacts, attachments,
events with their audit, the queue. A proposal is the first kind of case; nothing here knows of it.
"""
