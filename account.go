package loam

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Role is what an account may do; the routes it opens are in web's authorisation table.
type Role string

// The roles. Anonymous and Owner are not stored: they are columns of the same table.
const (
	Creator  Role = "creator"
	Reviewer Role = "reviewer"
	Operator Role = "operator"
	Auditor  Role = "auditor"
	Admin    Role = "admin"
)

// Roles lists the five roles.
func Roles() []Role { return []Role{Creator, Reviewer, Operator, Auditor, Admin} }

// Account is a person of the community or its staff.
type Account struct {
	ID       string `json:"id"`
	Handle   string `json:"handle"` // unique, in lower case
	Name     string `json:"name"`
	Bio      string `json:"bio"`
	Roles    []Role `json:"roles"`
	NoAI     bool   `json:"no_ai"` // 不要对我的内容用 AI
	Disabled bool   `json:"-"`
	Demo     bool   `json:"demo"`
	Created  int64  `json:"created"`
	// PasswordAt is when her password was last changed; sessions from before it are over.
	PasswordAt int64 `json:"-"`
}

// Has reports whether the account holds the role; an administrator holds every one.
func (a Account) Has(r Role) bool {
	return slices.Contains(a.Roles, r) || slices.Contains(a.Roles, Admin)
}

// CheckHandle is Invalid unless h is 2 to 24 of a–z, 0–9, - and _, starting with a letter.
func CheckHandle(h string) error {
	ok := len(h) >= 2 && len(h) <= 24 && h[0] >= 'a' && h[0] <= 'z' &&
		strings.Trim(h, "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
	if !ok {
		return Fail(Invalid, "handle.invalid")
	}
	return nil
}

// CheckName is Invalid unless a display name is 1 to 24 printable characters.
func CheckName(n string) error {
	count := utf8.RuneCountInString(n)
	if count < 1 || count > 24 || !utf8.ValidString(n) || strings.TrimSpace(n) != n ||
		strings.ContainsFunc(n, func(r rune) bool {
			return Unseen(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
		}) || !strings.ContainsFunc(n, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }) {
		return Fail(Invalid, "name.invalid")
	}
	return nil
}

// CheckPassword is Invalid unless it has 10 to 200 characters (NIST SP 800-63B §3.1.1: length, no composition rules).
func CheckPassword(p string) error {
	if n := utf8.RuneCountInString(p); n < 10 || n > 200 {
		return Fail(Invalid, "password.length")
	}
	return nil
}
