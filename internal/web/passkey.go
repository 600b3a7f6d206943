package web

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/rights"
)

// Signing is how a creator signs her acts with passkeys of hers.
type Signing interface {
	Passkeys(ctx context.Context, owner string) ([]loam.Passkey, error)
	PasskeyCOSE(ctx context.Context, owner, credential string) ([]byte, error)
	// AddPasskey gives an act to be signed where a passkey she has must sign for the new one.
	AddPasskey(ctx context.Context, owner string, k loam.NewPasskey) (loam.Passkey, *loam.PreparedAct, error)
	RetirePasskey(ctx context.Context, owner, id string) error
	Recoveries(ctx context.Context) ([]loam.Recovery, error)
	Vouch(ctx context.Context, staff, passkey, statement string) error
	PrepareChoice(ctx context.Context, owner, work string, c loam.UseChoice) (*loam.PreparedAct, error)
	Prepared(ctx context.Context, owner, leaf string) (loam.PreparedAct, error)
	SignActs(ctx context.Context, acts []loam.SignedAct) error
	LeafBundle(ctx context.Context, owner, leaf string) ([]byte, error)
	EraseBundles(ctx context.Context, owner string) (int, error)
}

// maxPasskeyName bounds a passkey's name, in runes.
const maxPasskeyName = 40

// registrationKey is where a session keeps what a registration has to be the answer to.
const registrationKey = "registration"

// ActToSign is an act that waits for a signature by one of the credentials.
type ActToSign struct {
	Leaf        string   `json:"leaf"`
	Party       string   `json:"party"`
	Challenge   string   `json:"challenge" doc:"What to sign, base64url"`
	Credentials []string `json:"credentials" doc:"Which passkeys count, base64url"`
	Expires     int64    `json:"expires"`
}

// AddedPasskey is a passkey, and the act to sign before it counts where there is one.
type AddedPasskey struct {
	Passkey loam.Passkey `json:"passkey"`
	Act     *ActToSign   `json:"act,omitempty"`
}

// UseAnswer is an answer for some uses as requests give it; exported, as Ref is.
type UseAnswer struct {
	Uses        []string `json:"uses" minItems:"1" maxItems:"12"`
	Allowed     bool     `json:"allowed"`
	From        int64    `json:"from,omitempty" minimum:"0" maximum:"253402300799999" doc:"Of a yes, milliseconds, up to the year 9999; 0 for at once"`
	Until       int64    `json:"until,omitempty" minimum:"0" maximum:"253402300799999" doc:"Of a yes, milliseconds, up to the year 9999; 0 for no end"`
	Attribution bool     `json:"attribution,omitempty" doc:"Of a yes: the creator is to be named"`
}

func (s *Server) passkeyRoutes() {
	op(s, "GET", "/api/passkeys", "list-passkeys", "One's own passkeys", func(ctx context.Context, _ *struct{}) (*body[[]loam.Passkey], error) {
		return answer(s.Rights.Passkeys(ctx, callerOf(ctx).id()))
	})
	op(s, "POST", "/api/passkeys/registration", "begin-passkey", "Begin to register a passkey", func(ctx context.Context, _ *struct{}) (*body[rights.NewPasskey], error) {
		return answer(s.beginPasskey(ctx))
	})
	type registered struct {
		Body struct {
			rights.Attestation
			Name    string `json:"name" maxLength:"200"`
			Recover bool   `json:"recover,omitempty" doc:"The passkeys of before are lost: two of the staff vouch instead"`
		}
	}
	op(s, "POST", "/api/passkeys", "add-passkey", "Keep the passkey that was registered", func(ctx context.Context, in *registered) (*body[AddedPasskey], error) {
		return answer(s.addPasskey(ctx, in.Body.Attestation, in.Body.Name, in.Body.Recover))
	})
	type named struct {
		ID string `path:"id" maxLength:"40"`
	}
	op(s, "DELETE", "/api/passkeys/{id}", "retire-passkey", "Retire a passkey, or take a recovery back; what it signed stands", func(ctx context.Context, in *named) (*struct{}, error) {
		return nil, s.Rights.RetirePasskey(ctx, callerOf(ctx).id(), in.ID)
	})
	type prepare struct {
		Body struct {
			Work string `json:"work" maxLength:"40" doc:"Empty: every work without a word of its own"`
			UseAnswer
		}
	}
	op(s, "POST", "/api/rights/acts", "prepare-right", "Prepare an answer for uses of one work, or of all, for a passkey to sign", func(ctx context.Context, in *prepare) (*body[ActToSign], error) {
		c, err := in.Body.choice()
		if err != nil {
			return nil, err
		}
		act, err := s.Rights.PrepareChoice(ctx, callerOf(ctx).id(), in.Body.Work, c)
		if err != nil {
			return nil, err
		}
		return answer(s.toSign(ctx, act))
	})
	type signed struct {
		Leaf string `path:"leaf" maxLength:"40"`
		Body rights.Assertion
	}
	op(s, "PUT", "/api/rights/acts/{leaf}", "void-sign-right", "Sign what was prepared", func(ctx context.Context, in *signed) (*struct{}, error) {
		return nil, s.signAct(ctx, in.Leaf, in.Body)
	})
	op(s, "DELETE", "/api/rights/signatures", "erase-signatures", "Destroy what one's signatures are checked with; what was decided stands, as logged", func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		_, err := s.Rights.EraseBundles(ctx, callerOf(ctx).id())
		return nil, err
	})
	s.recoveryRoutes()
}

func (s *Server) recoveryRoutes() {
	op(s, "GET", "/api/operate/recoveries", "list-recoveries", "Creators who lost their passkeys and wait for two of the staff", func(ctx context.Context, _ *struct{}) (*body[[]loam.Recovery], error) {
		return answer(s.Rights.Recoveries(ctx))
	})
	type vouch struct {
		ID   string `path:"id" maxLength:"40"`
		Body struct {
			Statement string `json:"statement" maxLength:"4000" doc:"How one made sure that it is her own wish"`
		}
	}
	op(s, "POST", "/api/operate/recoveries/{id}/vouchers", "void-vouch", "Vouch for a recovery; the second word puts it into the ledger", func(ctx context.Context, in *vouch) (*struct{}, error) {
		statement, err := words(in.Body.Statement, "recovery.statement")
		if err != nil {
			return nil, err
		}
		return nil, s.Rights.Vouch(ctx, callerOf(ctx).id(), in.ID, statement)
	})
}

// choice reads an answer.
func (in UseAnswer) choice() (loam.UseChoice, error) {
	c := loam.UseChoice{Allowed: in.Allowed, From: in.From, Until: in.Until, Attribution: in.Attribution}
	for _, u := range in.Uses {
		if !slices.Contains(loam.Uses(), loam.Use(u)) {
			return c, loam.Fail(loam.Invalid, "use.unknown", u)
		}
		c.Uses = append(c.Uses, loam.Use(u))
	}
	return c, nil
}

// party is whom passkeys are made for, by the address of this request.
func (s *Server) party(ctx context.Context) (rights.Party, error) {
	return rights.NewParty(s.baseOf(callerOf(ctx).host))
}

// credentials are those of a creator's passkeys that are active.
func (s *Server) credentials(ctx context.Context) ([]string, error) {
	list, err := s.Rights.Passkeys(ctx, callerOf(ctx).id())
	out := []string{}
	for _, k := range list {
		if k.State == loam.PasskeyActive {
			out = append(out, k.Credential)
		}
	}
	return out, err
}

func (s *Server) beginPasskey(ctx context.Context) (r rights.NewPasskey, err error) {
	p, err := s.party(ctx)
	if err != nil {
		return r, err
	}
	known, err := s.credentials(ctx)
	if err != nil {
		return r, err
	}
	c := callerOf(ctx)
	r, kept, err := p.Begin(c.id(), c.account.Handle, known)
	if err == nil {
		s.sessions.Put(ctx, registrationKey, kept)
	}
	return r, err
}

func (s *Server) addPasskey(ctx context.Context, a rights.Attestation, name string, again bool) (out AddedPasskey, err error) {
	name = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\x00", ""))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxPasskeyName {
		return out, loam.Fail(loam.Invalid, "passkey.name", maxPasskeyName)
	}
	p, err := s.party(ctx)
	if err != nil {
		return out, err
	}
	owner := callerOf(ctx).id()
	cose, err := p.Finish(owner, s.sessions.PopBytes(ctx, registrationKey), a)
	if err != nil {
		return out, err
	}
	k, act, err := s.Rights.AddPasskey(ctx, owner, loam.NewPasskey{Name: name, Credential: a.Credential, COSE: cose, Recover: again})
	if err != nil {
		return out, err
	}
	out.Passkey = k
	if act != nil {
		sign, err := s.toSign(ctx, act)
		out.Act = &sign
		return out, err
	}
	return out, nil
}

func (s *Server) toSign(ctx context.Context, act *loam.PreparedAct) (out ActToSign, err error) {
	p, err := s.party(ctx)
	if err != nil {
		return out, err
	}
	out = ActToSign{Leaf: act.Leaf, Party: p.ID, Expires: act.Expires}
	if out.Credentials, err = s.credentials(ctx); err != nil {
		return out, err
	}
	out.Challenge, err = rights.Challenge(act)
	return out, err
}

func (s *Server) signAct(ctx context.Context, leaf string, a rights.Assertion) error {
	p, err := s.party(ctx)
	if err != nil {
		return err
	}
	owner := callerOf(ctx).id()
	cose, err := s.Rights.PasskeyCOSE(ctx, owner, a.Credential)
	if err != nil {
		return err
	}
	act, err := s.Rights.Prepared(ctx, owner, leaf)
	if err != nil {
		return err
	}
	signed, err := p.Sign(act, cose, a)
	if err != nil {
		return err
	}
	return s.Rights.SignActs(ctx, []loam.SignedAct{signed})
}
