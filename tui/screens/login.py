"""The login screen: server, user, password; says precisely why a logon was refused."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Select, Static

from tui.enterprise_manager.address import parse_server
from tui.enterprise_manager.credentials import Credentials
from tui.errors import CertificateChanged, FailoverMonitorError, InvalidInput
from tui.light import dataclass
from tui.messages import LogonRequested
from tui.passwords import cleaned_password, password_fault
from tui.presentation.room import box_room
from tui.presentation.text import clean
from tui.screens.frame import Pane, keep_in_view
from tui.secret import SecretStr
from tui.settings.resolved import SavedProfile
from tui.widgets.field import Field
from tui.widgets.key_hints import KeyHints

_WIDEST = 64
"""Cells, as in the stylesheet."""

_FIELDS = ("server", "user", "password")


def _row(label: str, field: Widget) -> Horizontal:
    """A field under its label, or beside it where lines are few."""
    return Horizontal(Label(label, markup=False), field, classes="row")


@dataclass(frozen=True)
class Prefill:
    """What the fields begin with."""

    server: str = ""
    user: str = ""
    profile: str | None = None
    password_known: bool = False
    """Whether the start gave a password for that user at that server."""


class LoginScreen(Pane[None]):
    """Asks; the app logs on and reports back through `busy`, `refuse` and `welcome`.

    With the class `-connecting` it shows no form until there is something to ask.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Log on", id="login.submit"),
        Binding("escape", "app.cancel_logon", "Cancel", id="login.cancel"),
    ]

    def __init__(
        self,
        prefill: Prefill,
        profiles: tuple[SavedProfile, ...],
        notices: tuple[str, ...],
        under_way: str = "",
    ) -> None:
        """`notices` and what is under way already are its first message."""
        super().__init__()
        self._prefill = prefill
        self._profiles = {profile.name: profile for profile in profiles}
        self._notices = notices
        self._under_way = under_way
        self.password_known = prefill.password_known
        self._trouble = ""
        self._waiting = False
        self._asking = False
        self._changed: CertificateChanged | None = None

    def body(self) -> ComposeResult:
        """The form."""
        with VerticalScroll(can_focus=False, id="login"):
            yield Static("Cloud failover monitor, read-only", id="login-title", markup=False)
            yield Static("Veeam Backup Enterprise Manager", id="login-subtitle", markup=False)
            if self._profiles:
                yield _row("Saved", self._saved_servers())
            prefill = self._prefill
            yield _row("Server", self._field("server", prefill.server, "host, host:port or URL"))
            yield _row("User", self._field("user", prefill.user, r"DOMAIN\user or user@domain"))
            yield _row("Password", self._field("password", "", ""))
            yield Button("Log on", id="submit", compact=True)
            begin = " ".join(filter(None, (*self._notices, self._under_way)))
            yield Static(clean(begin), id="login-message", markup=False)
        yield KeyHints(("login.submit", "login.cancel", "help"), leaving="leave")

    def _saved_servers(self) -> Select[str]:
        chosen = self._prefill.profile
        return Select(
            [(Content(clean(name)), name) for name in self._profiles],
            prompt="choose, or type below",
            value=chosen if chosen in self._profiles else Select.NULL,
            id="profile",
            compact=True,
        )

    def _field(self, name: str, value: str, placeholder: str) -> Input:
        return Field(value, placeholder, password=name == "password", id=name)

    def on_mount(self) -> None:
        """The first field that is empty has the focus."""
        self.focus_empty()

    def focus_empty(self) -> None:
        """Put the focus where input is needed."""
        empty = [name for name in _FIELDS if not self._value(name)]
        self.query_one(f"#{empty[0] if empty else 'password'}", Input).focus()

    def _value(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value

    @on(Select.Changed, "#profile")
    def take_profile(self, event: Select.Changed) -> None:
        """Fill the fields from the saved server."""
        profile = self._profiles.get(str(event.value))
        if profile is None:
            return
        if profile.server is not None:
            self.query_one("#server", Input).value = profile.server.url
        if profile.user is not None:
            self.query_one("#user", Input).value = profile.user
        self.focus_empty()

    @on(Input.Submitted)
    @on(Button.Pressed, "#submit")
    def action_submit(self) -> None:
        """Check what was typed here; the rest is the server's to say."""
        chosen = self.query(Select).first().value if self._profiles else None
        profile = self._profiles.get(str(chosen))
        password = cleaned_password(self._value("password"))
        try:
            parse_server(self._value("server"))
            known = self.password_known or bool(profile and profile.password_command)
            if not password and not known:
                raise InvalidInput("No password was typed.")
            if password and (fault := password_fault(password)):
                raise InvalidInput(f"The password {fault}, so it is not sent.")
            credentials = Credentials(self._value("user"), SecretStr(password))
        except FailoverMonitorError as error:
            self.refuse(error)
            return
        finally:
            del password
        name = profile.name if profile else None
        self.post_message(LogonRequested(self._value("server"), credentials, name))

    def busy(self, text: str) -> None:
        """Say what is going on."""
        self._say(text, failed=False)

    def refuse(self, error: FailoverMonitorError) -> None:
        """Say why not; what was typed stays."""
        self._trouble = error.full_text
        self._say(error.full_text, failed=True)
        if isinstance(error, CertificateChanged):
            # Both fingerprints are compared by eye: they need lines of their own.
            self._changed = error
            self._show_changed()
        self._show_form()
        self.focus_empty()
        self.call_after_refresh(self._show_message)

    def _show_form(self) -> None:
        """Where there was none; a focus that is in it stays where it is."""
        if self.has_class("-connecting"):
            self.remove_class("-connecting")
            self.call_after_refresh(self.focus_empty)

    @on(events.Resize)
    def _show_changed(self) -> None:
        error, message = self._changed, self.query_one("#login-message", Static)
        if error is not None:
            from tui.presentation.certificate_lines import changed_lines

            room = box_room(_WIDEST, *self.size)
            message.update("\n".join(changed_lines(error, room)))

    def _show_message(self) -> None:
        """On a small terminal it stands below what fits: as much of it as leaves the field."""
        if self.focused is not None:
            keep_in_view(self.focused, top=True)

    def tries_again(self, at: str) -> None:
        """After `refuse`: the same logon is tried again at that time, of the UTC clock."""
        self._waiting = True
        self._say(f"{self._trouble} Tries again at {at} UTC; Esc stops that.", failed=True)

    def waits(self, text: str) -> None:
        """A command or the keyring is asked for the password; whoever types it is faster."""
        self._say(text, failed=False)
        self._show_form()
        self._asking = True

    def ask(self) -> None:
        """No command and no keyring has the password; what was said before stands again."""
        self._say(" ".join(self._notices), failed=False)
        self._show_form()

    def cancelled(self) -> None:
        """A person stopped the logon, or the wait for the next one."""
        self._show_form()
        again = self._waiting and not self._asking
        trouble = f"{self._trouble} Not tried again by itself." if again else ""
        self._say(trouble or "Cancelled.", failed=bool(trouble))

    @on(Input.Changed)
    async def take_over(self, event: Input.Changed) -> None:
        """Whoever types is there: nothing goes on by itself under their hands."""
        if self._waiting or (self._asking and event.input.has_focus):
            await self.run_action("app.cancel_logon")

    def refuse_password(self, error: FailoverMonitorError) -> None:
        """Say why not; the password is to be typed anew, never sent again by itself."""
        self.password_known = False
        self.query_one("#password", Input).value = ""
        self.refuse(error)

    def welcome(self) -> None:
        """The logon worked: no password stays in a field."""
        self.query_one("#password", Input).value = ""
        self._say("", failed=False)

    def _say(self, text: str, *, failed: bool) -> None:
        self._waiting = self._waiting and failed
        self._asking = False
        self._changed = None
        message = self.query_one("#login-message", Static)
        message.update(clean(text))
        message.set_class(failed, "-failed")
