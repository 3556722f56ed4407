"""The receipt of a POST: what makes a second tap harmless."""

from django.conf import settings
from django.db import models


class PostReceipt(models.Model):
    """One accepted POST of one person: its one-time token and the page it led to."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token = models.CharField(max_length=64)
    path = models.CharField(max_length=300)
    redirect_to = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "path", "token"], name="post_happens_once")]

    def __str__(self):
        return f"{self.path} {self.token}"
