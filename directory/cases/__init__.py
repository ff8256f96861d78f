"""Cases: what every matter that a client brings to the network team has in common, whatever it is about.

States and actions as data, clocks in business days, messages, notes and contacts, attachments, events with their audit.
A proposal is the first kind of case; nothing here knows of it.
"""
