"""Cases opened to one person by name: asked for, given, ended; opened in an emergency, and reviewed.

What a grant opens is the access rule's to say (`govcrm.domain.access`); here is who may make one.
"""
