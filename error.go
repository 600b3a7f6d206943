package loam

import (
	"errors"
	"fmt"
)

// Kind says what sort of thing went wrong, and so what the caller can do about it.
// The edge maps it to an HTTP status and an exit code; nothing else is decided by it.
type Kind int

// The kinds. The zero value is Internal, so an error nobody classified is never
// shown to a person as if it were her mistake.
const (
	Internal    Kind = iota // our fault; the person sees a neutral sentence
	Invalid                 // the request cannot be understood or is out of limits
	SignedOut               // nobody is signed in
	Denied                  // signed in, but not allowed
	NotFound                // it does not exist, or not for this person
	Conflict                // it changed meanwhile, or the step is not allowed from here
	Gone                    // it was here and was taken away for good
	TooLarge                // more bytes, pixels or items than the limit
	TooSlow                 // it did not arrive in the time there is for it
	Limited                 // too often; wait
	Unavailable             // something outside does not answer; later may help
)

var kindNames = [...]string{
	"internal", "invalid", "signed_out", "denied", "not_found", "conflict", "gone", "too_large", "too_slow", "limited", "unavailable",
}

// Kinds lists every kind, for tables that must be complete.
func Kinds() []Kind {
	out := make([]Kind, len(kindNames))
	for i := range kindNames {
		out[i] = Kind(i)
	}
	return out
}

// String is the kind's name in snake case, as it stands in logs and API answers.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("kind(%d)", int(k))
	}
	return kindNames[k]
}

// Error is what a part of Loam returns when it cannot do what was asked. Code names
// the sentence in the zh/en catalogue ("title.too_long"), Args fill its blanks in
// order and must be safe to show, Err is for the log and never shown.
type Error struct {
	Kind Kind
	Code string
	Args []string
	Err  error
}

// Error gives the code and arguments for logs; people read the catalogue's sentence.
func (e *Error) Error() string {
	s := e.Kind.String() + ": " + e.Code
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %q", e.Args)
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Fail makes an Error of a kind. Args are formatted with fmt.Sprint.
func Fail(k Kind, code string, args ...any) *Error {
	e := &Error{Kind: k, Code: code}
	for _, a := range args {
		e.Args = append(e.Args, fmt.Sprint(a))
	}
	return e
}

// Because attaches the cause, for the log.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

// KindOf is the kind of the first Error in err's chain, Internal for any other error.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf is the code of the first Error in err's chain, "internal" for any other error.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "internal"
}
