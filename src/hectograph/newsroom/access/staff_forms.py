"""Accounts in the admin: a name of the person's choosing, an e-mail address if they like, a role. Nothing else."""

from __future__ import annotations

from django import forms
from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from hectograph.newsroom.staff import Staff

_EMAIL = "Optional: nothing is ever sent to it."
_TAKEN = "There is already an account of that name."


class _OneNameMixin(forms.Form):
    """Names differ by more than upper and lower case, as at the door."""

    def clean_username(self) -> str:
        name: str = self.cleaned_data["username"]
        others = Staff.objects.exclude(pk=getattr(self, "instance").pk)  # noqa: B009 (a ModelForm's)
        if others.filter(username__iexact=name).exists():
            raise forms.ValidationError(_TAKEN, code="duplicate_username")
        return name


class StaffCreationForm(_OneNameMixin, UserCreationForm):
    email = forms.EmailField(required=False, help_text=_EMAIL)
    first_name = last_name = None

    class Meta(UserCreationForm.Meta):
        fields = {"username", "email", "is_superuser", "groups"}


class StaffEditForm(_OneNameMixin, UserEditForm):
    email = forms.EmailField(required=False, help_text=_EMAIL)
    first_name = last_name = None

    class Meta(UserEditForm.Meta):
        fields = {"username", "email", "is_active", "is_superuser", "groups"}


class StaffViewSet(UserViewSet):
    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm[Staff]]:
        return StaffEditForm if for_update else StaffCreationForm
