package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"

	"loam"
)

// Accounts is what sign-in needs of the store.
type Accounts interface {
	Account(ctx context.Context, id string) (loam.Account, error)
	AccountByHandle(ctx context.Context, handle string) (loam.Account, string, error)
	AccountByKey(ctx context.Context, hash string) (loam.Account, error)
	CreateAccount(ctx context.Context, a loam.Account, password string) (loam.Account, error)
	SetNoAI(ctx context.Context, id string, noAI bool) error
	SetPassword(ctx context.Context, id, password string) error
	Profile(ctx context.Context, account string) (loam.Version, error)
	UseInvite(ctx context.Context, tokenHash string, a loam.Account, password string) (loam.Account, error)
	Staffed(ctx context.Context) (bool, error)
}

// caller is who sends a request: nobody, a person with a session, or a program with a key.
type caller struct {
	account *loam.Account
	human   bool
	lang    string
	address string
	host    string // that was asked, as harden admits it
	trouble error  // with the key, where the route says it in another protocol's words
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// id is the caller's account, "" for nobody.
func (c caller) id() string {
	if c.account == nil {
		return ""
	}
	return c.account.ID
}

// identify finds out who calls: a bearer key first, else the session.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := caller{lang: langOf(r), address: s.addressOf(r), host: r.Host}
		var id string
		if key, ok := keyOf(r); ok {
			a, err := s.Accounts.AccountByKey(r.Context(), Digest(key))
			switch {
			case loam.KindOf(err) == loam.NotFound:
				c.trouble = loam.Fail(loam.SignedOut, "key.unknown").Because(err)
			case err != nil:
				c.trouble = loam.Fail(loam.Unavailable, "database.unavailable").Because(err)
			default:
				c.account = &a
			}
			if m, _ := r.Context().Value(matchKey{}).(match); c.trouble != nil && !foreign[m.pattern] {
				s.fail(w, r, c.trouble)
				return
			}
		} else if id = s.sessions.GetString(r.Context(), "account"); id != "" {
			a, err := s.Accounts.Account(r.Context(), id)
			if err != nil && loam.KindOf(err) != loam.NotFound {
				s.fail(w, r, loam.Fail(loam.Unavailable, "database.unavailable").Because(err))
				return
			}
			if err == nil && a.PasswordAt <= s.sessions.GetInt64(r.Context(), "since") {
				c.account, c.human = &a, true
			}
		}
		if c.account != nil && c.account.Disabled {
			c.account, c.human = nil, false
		}
		ctx := context.WithValue(r.Context(), callerKey{}, c)
		if c.account != nil {
			ctx = loam.Acting(ctx, c.account.ID)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Digest is how tokens and keys lie in the store: never as they are.
func Digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// argon2id with 19 MiB and two passes (OWASP's first choice), two at once, so that a
// flood of sign-ins cannot take the memory.
const (
	argonMemory = 19 * 1024
	argonTime   = 2
)

var argonSlots = make(chan struct{}, 2)

// HashPassword gives the stored form of a password.
func HashPassword(password string) string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt)
	return fmt.Sprintf("argon2id$%d$%d$%s$%s", argonTime, argonMemory,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(stretch(password, salt)))
}

func stretch(password string, salt []byte) []byte {
	argonSlots <- struct{}{}
	defer func() { <-argonSlots }()
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, 1, 32)
}

func passwordMatches(stored, password string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 5 || parts[0] != "argon2id" {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[3])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[4])
	return err1 == nil && err2 == nil && subtle.ConstantTimeCompare(stretch(password, salt), want) == 1
}

// Me is the signed-in account as the app needs it.
type Me struct {
	SignedIn bool         `json:"signed_in"`
	Account  loam.Account `json:"account"`
}

func (s *Server) me(ctx context.Context) Me {
	c := callerOf(ctx)
	if c.account == nil {
		return Me{Account: loam.Account{Roles: []loam.Role{}}}
	}
	return Me{SignedIn: true, Account: *c.account}
}

// begin starts a session for an account, under a fresh token.
func (s *Server) begin(ctx context.Context, a loam.Account) (*body[Me], error) {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return nil, err
	}
	s.sessions.Put(ctx, "account", a.ID)
	s.sessions.Put(ctx, "since", s.Clock.Now())
	return &body[Me]{Me{SignedIn: true, Account: a}}, nil
}

type credentials struct {
	Handle   string `json:"handle" maxLength:"64"`
	Password string `json:"password" maxLength:"400"`
}

// Newcomer is who opens an account; exported, as Ref is.
type Newcomer struct {
	Handle   string `json:"handle" maxLength:"64"`
	Name     string `json:"name" maxLength:"100"`
	Password string `json:"password" maxLength:"400"`
}

// reserved are handles that would speak for the community: nobody opens an account with one.
var reserved = strings.Fields(`admin administrator loam moderator moderators official operator operators reviewer reviewers root security staff support system`)

func (n Newcomer) check() (loam.Account, error) {
	n.Handle = strings.ToLower(strings.TrimSpace(n.Handle))
	a := loam.Account{Handle: n.Handle, Name: n.Name, Roles: []loam.Role{loam.Creator}}
	for _, err := range []error{loam.CheckHandle(n.Handle), loam.CheckName(n.Name), loam.CheckPassword(n.Password)} {
		if err != nil {
			return a, err
		}
	}
	return a, nil
}

func (s *Server) sessionRoutes() {
	op(s, "GET", "/api/session", "get-session", "Who is signed in", func(ctx context.Context, _ *struct{}) (*body[Me], error) {
		return &body[Me]{s.me(ctx)}, nil
	})
	op(s, "POST", "/api/session", "sign-in", "Sign in", func(ctx context.Context, in *body[credentials]) (*body[Me], error) {
		handle := strings.ToLower(strings.TrimSpace(in.Body.Handle))
		if !s.slow.allow("sign-in "+callerOf(ctx).address) || !s.tries.allow(handle) {
			return nil, loam.Fail(loam.Limited, "session.too_often")
		}
		a, stored, err := s.Accounts.AccountByHandle(ctx, handle)
		if err != nil && loam.KindOf(err) != loam.NotFound {
			return nil, err
		}
		if stored == "" { // the same work for an unknown handle, so that time tells nothing
			stored = s.decoy
		}
		if !passwordMatches(stored, in.Body.Password) || err != nil || a.Disabled {
			return nil, loam.Fail(loam.SignedOut, "session.wrong")
		}
		return s.begin(ctx, a)
	})
	op(s, "DELETE", "/api/session", "sign-out", "Sign out", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		return nil, s.sessions.Destroy(ctx)
	})
	op(s, "POST", "/api/accounts", "sign-up", "Open an account", func(ctx context.Context, in *body[Newcomer]) (*body[Me], error) {
		if !s.slow.allow("sign-up " + callerOf(ctx).address) {
			return nil, loam.Fail(loam.Limited, "session.too_often")
		}
		a, err := in.Body.check()
		if err != nil {
			return nil, err
		}
		if slices.Contains(reserved, a.Handle) {
			return nil, loam.Fail(loam.Conflict, "handle.taken")
		}
		if s.Screen.Text(ctx, "", a.Handle).Action == loam.Block {
			return nil, loam.Fail(loam.Invalid, "handle.refused")
		}
		name := a.Name
		a.Name = a.Handle // until what she wishes to be called has travelled the line
		if a, err = s.Accounts.CreateAccount(ctx, a, HashPassword(in.Body.Password)); err != nil {
			return nil, err
		}
		return s.begin(ctx, s.named(ctx, a, name))
	})
	type setup struct {
		Body struct {
			Newcomer
			Token string `json:"token" maxLength:"100"`
		}
	}
	op(s, "POST", "/api/setup", "set-up", "Make the first administrator with the one-time link", func(ctx context.Context, in *setup) (*body[Me], error) {
		if !s.slow.allow("set-up " + callerOf(ctx).address) {
			return nil, loam.Fail(loam.Limited, "session.too_often")
		}
		a, err := in.Body.check()
		if err != nil {
			return nil, err
		}
		name := a.Name
		a.Name = a.Handle
		if a, err = s.Accounts.UseInvite(ctx, Digest(in.Body.Token), a, HashPassword(in.Body.Password)); err != nil {
			return nil, err
		}
		return s.begin(ctx, s.named(ctx, a, name))
	})
	type demo struct {
		Body struct {
			Handle string `json:"handle" maxLength:"64"`
		}
	}
	op(s, "POST", "/api/demo-session", "demo-sign-in", "Sign in as a demo person, on a demo server only", func(ctx context.Context, in *demo) (*body[Me], error) {
		if !s.Demo {
			return nil, loam.Fail(loam.NotFound, "demo.off")
		}
		a, _, err := s.Accounts.AccountByHandle(ctx, in.Body.Handle)
		if err != nil {
			return nil, err
		}
		if !a.Demo {
			return nil, loam.Fail(loam.NotFound, "account.not_found")
		}
		return s.begin(ctx, a)
	})
	type self struct {
		Body struct {
			Name string `json:"name" maxLength:"100"`
			Bio  string `json:"bio" maxLength:"400"`
			NoAI bool   `json:"no_ai"`
		}
	}
	op(s, "PUT", "/api/account", "put-account", "Change what is said of oneself, and the AI switch", func(ctx context.Context, in *self) (*body[Me], error) {
		c := callerOf(ctx)
		if in.Body.NoAI != c.account.NoAI {
			if err := s.Accounts.SetNoAI(ctx, c.id(), in.Body.NoAI); err != nil {
				return nil, err
			}
		}
		if in.Body.Name != c.account.Name || in.Body.Bio != c.account.Bio {
			if err := s.rename(ctx, in.Body.Name, in.Body.Bio); err != nil {
				return nil, err
			}
		}
		a, err := s.Accounts.Account(ctx, c.id())
		return answer(Me{SignedIn: true, Account: a}, err)
	})
}

func (s *Server) passwordRoutes() {
	type change struct {
		Body struct {
			Current  string `json:"current" maxLength:"400"`
			Password string `json:"password" maxLength:"400"`
		}
	}
	op(s, "PUT", "/api/account/password", "put-password", "Change one's password; every other session is over", func(ctx context.Context, in *change) (*body[Me], error) {
		c := callerOf(ctx)
		if !s.slow.allow("password "+c.id()) || !s.tries.allow(c.account.Handle) {
			return nil, loam.Fail(loam.Limited, "session.too_often")
		}
		if c.account.Demo {
			return nil, loam.Fail(loam.Conflict, "password.demo")
		}
		if err := loam.CheckPassword(in.Body.Password); err != nil {
			return nil, err
		}
		_, stored, err := s.Accounts.AccountByHandle(ctx, c.account.Handle)
		if err != nil {
			return nil, err
		}
		if !passwordMatches(stored, in.Body.Current) {
			return nil, loam.Fail(loam.Invalid, "password.wrong")
		}
		if err := s.Accounts.SetPassword(ctx, c.id(), HashPassword(in.Body.Password)); err != nil {
			return nil, err
		}
		return s.begin(ctx, *c.account)
	})
}

// sessionLife is how long a session lasts; it is not stretched by use.
const sessionLife = 14 * 24 * time.Hour
