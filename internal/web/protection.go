package web

import (
	"cmp"
	"context"
	"net/http"
	"os"
	"slices"
	"strings"

	"loam"
	"loam/internal/label"
)

// Protections are protected voices, likenesses, style names, characters and brands, and where they
// were seen.
type Protections interface {
	AddProof(ctx context.Context, p loam.Proof, picture loam.Asset) (loam.Proof, error)
	RemoveProof(ctx context.Context, owner, id string) error
	Proofs(ctx context.Context, owner string) ([]loam.Proof, error)
	Protections(ctx context.Context, owner string) ([]loam.Protection, error)
	Protection(ctx context.Context, id string) (loam.Protection, error)
	AskProtection(ctx context.Context, p loam.Protection) (loam.Protection, error)
	WithdrawProtection(ctx context.Context, owner, id string) error
	AskedProtections(ctx context.Context, reviewer string, limit int) ([]loam.Protection, error)
	StopComparing(ctx context.Context, owner, id string) error
	DecideProtection(ctx context.Context, reviewer, id string, step loam.ProtectionStep, reason string) (loam.Protection, error)
	Sightings(ctx context.Context, owner string, limit int) ([]loam.Sighting, error)
	SightingsIn(ctx context.Context, version string) ([]loam.Sighting, error)
	AnswerSighting(ctx context.Context, owner, id, answer string) error
}

// Hearing is what is known of sounds by their acoustic fingerprints.
type Hearing interface {
	// Print is the fingerprint of a sound as it is stored, "" for what is none, or where the program
	// that takes it is not installed.
	Print(ctx context.Context, data []byte) (string, error)
	// Match gives the registered recordings that a sound is alike to, the nearest first. Without the
	// program it is Unavailable, "program.missing".
	Match(ctx context.Context, data []byte) ([]HeardView, error)
}

// Bodies take what somebody agrees to be compared by.
type Bodies interface {
	// OfFace is what a picture of one person alone is compared by, OfVoice what a recording is. Of
	// any other file it is nil, and why: "none" or "several". Without the parts both are
	// Unavailable, "compare.absent".
	OfFace(ctx context.Context, picture []byte) (*loam.Biometric, string, error)
	OfVoice(ctx context.Context, sound []byte) (*loam.Biometric, string, error)
	// Ready is nil where both can be taken.
	Ready(ctx context.Context) error
}

// HeardView is a registered recording that was found in a sound.
type HeardView struct {
	Protection string              `json:"protection"`
	Kind       loam.ProtectionKind `json:"kind"`
	Name       string              `json:"name"`
	Seconds    float64             `json:"seconds"` // where in the sound the ten seconds most alike begin
	Errors     float64             `json:"errors"`  // share of their bits that differ, 0 to 1; of unlike sounds half do
}

// sightingsShown and askedShown bound what one page lists.
const (
	sightingsShown = 200
	askedShown     = 100
)

// ProtectionsView is all an account has registered, the files it handed in and asked for nothing
// with yet, and the versions of the consents it would give. Compares says whether faces and voices can
// be compared here.
type ProtectionsView struct {
	List      []loam.Protection `json:"list"`
	Proofs    []loam.Proof      `json:"proofs"`
	Agreement string            `json:"agreement"`
	Compares  bool              `json:"compares"`
	Comparing string            `json:"comparing"`
}

// ProofRef is a file handed in, with whose it is.
type ProofRef struct {
	ID     string `json:"id" maxLength:"64"`
	Holder string `json:"holder" maxLength:"400" doc:"Whose recording, picture or paper it is; she need not be the subject, and cannot consent for her"`
}

// ProtectionForm asks for a protection.
type ProtectionForm struct {
	Kind      loam.ProtectionKind `json:"kind" enum:"voice,likeness,style,character,brand"`
	Name      string              `json:"name" maxLength:"400"`
	Aliases   []string            `json:"aliases,omitempty" maxItems:"40"`
	Text      string              `json:"text" maxLength:"8000" doc:"What it is, and how one knows it"`
	Subject   string              `json:"subject" maxLength:"400" doc:"Whose voice, likeness or style it is; of a character or brand who holds the right"`
	By        loam.Consenter      `json:"by" enum:"subject,guardian"`
	Guardian  string              `json:"guardian,omitempty" maxLength:"400" doc:"Name of the guardian of a child under 14"`
	Agreement string              `json:"agreement" maxLength:"40" doc:"Version of the separate consent that was read"`
	Consent   bool                `json:"consent" doc:"That the subject, or her guardian, agrees to be compared with what others publish"`
	Compare   string              `json:"compare,omitempty" maxLength:"40" doc:"Version of the further consent to be compared by face or voice; the subject's own alone, and only with files handed in for it"`
	Truthful  bool                `json:"truthful" doc:"That it is true, and that who asks may ask"`
	Proofs    []ProofRef          `json:"proofs" maxItems:"12"`
}

func (s *Server) protectionRoutes() {
	op(s, "GET", "/api/protections", "list-protections", "One's own protections, and files handed in for the next", func(ctx context.Context, _ *struct{}) (*body[ProtectionsView], error) {
		id := callerOf(ctx).id()
		list, err := s.Protections.Protections(ctx, id)
		if err != nil {
			return nil, err
		}
		proofs, err := s.Protections.Proofs(ctx, id)
		return answer(ProtectionsView{List: list, Proofs: proofs, Agreement: loam.ProtectionConsent, Compares: s.Bodies.Ready(ctx) == nil, Comparing: loam.CompareConsent}, err)
	})
	s.handle("POST /api/protections/proofs", s.addProof)
	op(s, "DELETE", "/api/protections/proofs/{id}", "void-remove-proof", "Take back a file that no protection was asked for with", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Protections.RemoveProof(ctx, callerOf(ctx).id(), in.ID)
	})
	type askProtection struct{ Body ProtectionForm }
	op(s, "POST", "/api/protections", "ask-protection", "Ask for a protection; a reviewer decides", func(ctx context.Context, in *askProtection) (*body[loam.Protection], error) {
		p, err := protectionOf(in.Body)
		if err != nil {
			return nil, err
		}
		p.Owner, p.Handle = callerOf(ctx).id(), callerOf(ctx).account.Handle
		return answer(s.Protections.AskProtection(ctx, p))
	})
	op(s, "POST", "/api/protections/{id}/withdraw", "void-withdraw-protection", "Take a protection and its consent back; what was derived from it is deleted in the same act", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Protections.WithdrawProtection(ctx, callerOf(ctx).id(), in.ID)
	})
	op(s, "POST", "/api/protections/{id}/stop-comparing", "void-stop-comparing", "Take the consent to be compared by face or voice back; what was taken of them is deleted in the same act", func(ctx context.Context, in *Ref) (*struct{}, error) {
		return nil, s.Protections.StopComparing(ctx, callerOf(ctx).id(), in.ID)
	})
	op(s, "GET", "/api/sightings", "list-sightings", "Where one's own protections were seen, newest first", func(ctx context.Context, _ *struct{}) (*body[[]loam.Sighting], error) {
		return answer(s.Protections.Sightings(ctx, callerOf(ctx).id(), sightingsShown))
	})
	type answerSighting struct {
		Ref
		Body struct {
			Answer string `json:"answer" enum:"mine,takedown"`
		}
	}
	op(s, "POST", "/api/sightings/{id}", "void-answer-sighting", "Say that it is one's own or allowed, or that it is to be taken down", func(ctx context.Context, in *answerSighting) (*struct{}, error) {
		return nil, s.Protections.AnswerSighting(ctx, callerOf(ctx).id(), in.ID, in.Body.Answer)
	})
	s.protectionReview()
}

// protectionReview are the routes of who decides.
func (s *Server) protectionReview() {
	op(s, "GET", "/api/review/protections", "asked-protections", "Protections that wait for a reviewer, oldest first; not one's own", func(ctx context.Context, _ *struct{}) (*body[[]loam.Protection], error) {
		return answer(s.Protections.AskedProtections(ctx, callerOf(ctx).id(), askedShown))
	})
	type decideProtection struct {
		Ref
		Body struct {
			Step   loam.ProtectionStep `json:"step" enum:"register,refuse"`
			Reason string              `json:"reason" maxLength:"40"`
		}
	}
	op(s, "POST", "/api/review/protections/{id}/decision", "decide-protection", "Register or refuse a protection; it holds at once", func(ctx context.Context, in *decideProtection) (*body[loam.Protection], error) {
		return answer(s.Protections.DecideProtection(ctx, callerOf(ctx).id(), in.ID, in.Body.Step, in.Body.Reason))
	})
	s.handle("GET /api/review/protections/{id}/proofs/{proof}", s.proofPicture)
	s.handle("POST /api/operate/protected/check", s.checkSound)
}

// protectionOf reads a form. Who owns a file is kept beside it and consents to nothing.
func protectionOf(f ProtectionForm) (p loam.Protection, err error) {
	p = loam.Protection{Kind: f.Kind, By: f.By, Agreement: f.Agreement, Compare: f.Compare, Aliases: []string{}}
	child := f.By == loam.ByGuardian
	switch {
	case !slices.Contains(loam.ProtectionKinds(), f.Kind):
		return p, loam.Fail(loam.Invalid, "protection.kind")
	case f.By != loam.BySubject && !child:
		return p, loam.Fail(loam.Invalid, "protection.by")
	case !f.Consent || f.Agreement != loam.ProtectionConsent:
		return p, loam.Fail(loam.Invalid, "protection.consent")
	case f.Compare != "" && (f.Compare != loam.CompareConsent || child || f.Kind.ComparedBy() == ""):
		return p, loam.Fail(loam.Invalid, "protection.compare_consent")
	case !f.Truthful:
		return p, loam.Fail(loam.Invalid, "notice.truthful")
	case len(f.Proofs) == 0 || len(f.Proofs) > loam.ProtectionExhibits:
		return p, loam.Fail(loam.Invalid, "protection.proof", loam.ProtectionExhibits)
	}
	if p.Name, err = protectedName(f.Name); err != nil {
		return p, err
	}
	for _, a := range nonEmpty(f.Aliases) {
		if a, err = protectedName(a); err != nil {
			return p, err
		}
		if a != p.Name && !slices.Contains(p.Aliases, a) {
			p.Aliases = append(p.Aliases, a)
		}
	}
	if len(p.Aliases) > loam.ProtectionAliases {
		return p, loam.Fail(loam.Invalid, "protection.aliases", loam.ProtectionAliases)
	}
	if p.Text, err = words(f.Text, "protection.text"); err != nil {
		return p, err
	}
	if p.Subject, err = line(f.Subject, 1, loam.NoticeName, "protection.subject"); err != nil {
		return p, err
	}
	if child {
		if p.Guardian, err = line(f.Guardian, 2, loam.NoticeName, "protection.guardian"); err != nil {
			return p, err
		}
	}
	for _, r := range f.Proofs {
		holder, err := line(r.Holder, 1, loam.NoticeName, "protection.holder")
		if err != nil {
			return p, err
		}
		p.Proofs = append(p.Proofs, loam.Proof{ID: r.ID, Holder: holder})
	}
	return p, nil
}

// protectedName is one of loam.ProtectedName.
func protectedName(name string) (string, error) {
	name, err := line(name, 2, loam.ProtectionName, "protection.name")
	if err == nil && !loam.ProtectedName(name) {
		err = loam.Fail(loam.Invalid, "protection.name", 2, loam.ProtectionName)
	}
	return name, err
}

// addProof takes in one file as evidence (multipart field "file", 40 MB), as exhibit does. With
// compare=true she agrees that a face or voice is taken of it to be compared.
func (s *Server) addProof(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	file, name, err := sent(r)
	if err != nil {
		s.fail(w, r, tooLarge(err, "picture.too_large", err))
		return
	}
	p, err := s.keepProof(ctx, name, file, r.URL.Query().Get("compare") == "true")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, p)
}

func (s *Server) keepProof(ctx context.Context, name string, file *os.File, compare bool) (p loam.Proof, err error) {
	err = s.handed(ctx, name, file, func(h handed) error {
		p = loam.Proof{Owner: callerOf(ctx).id(), Name: h.name, Digest: h.digest, Size: h.size, Type: h.typ, Facts: h.facts}
		if h.shown.Hash == "" {
			if p.Sound, err = s.Hear.Print(ctx, h.data); err != nil {
				return err
			}
		}
		if compare {
			if err := s.takeBody(ctx, &p, h); err != nil {
				return err
			}
		}
		p, err = s.Protections.AddProof(ctx, p, h.shown)
		return err
	})
	return p, err
}

// takeBody takes the face of a picture, or the voice of a recording, that its owner agreed to be
// compared by. Why there is none stands in the facts.
func (s *Server) takeBody(ctx context.Context, p *loam.Proof, h handed) (err error) {
	var taken *loam.Biometric
	why := ""
	if h.shown.Hash != "" {
		var upright []byte
		if upright, _, err = s.handedPicture(h.shown.Hash); err == nil {
			taken, why, err = s.Bodies.OfFace(ctx, upright)
		}
	} else if taken, why, err = s.Bodies.OfVoice(ctx, h.data); loam.KindOf(err) == loam.Invalid && err != nil {
		why, err = "none", nil // a paper is proof too
	}
	p.Take(taken)
	if why != "" {
		if p.Facts == nil {
			p.Facts = map[string]string{}
		}
		p.Facts["compare"] = why
	}
	return err
}

// proofPicture shows a reviewer what was handed in for a protection that is not her own.
func (s *Server) proofPicture(w http.ResponseWriter, r *http.Request) {
	data, typ, err := s.proofBytes(r.Context(), r.PathValue("id"), r.PathValue("proof"))
	s.picture(w, r, data, typ, err)
}

func (s *Server) proofBytes(ctx context.Context, id, proof string) ([]byte, string, error) {
	p, err := s.Protections.Protection(ctx, id)
	if err == nil && p.Owner == callerOf(ctx).id() {
		err = loam.Fail(loam.Denied, "review.own_work")
	}
	if err != nil {
		return nil, "", err
	}
	for _, e := range p.Proofs {
		if e.ID == proof && e.Picture != "" {
			return s.handedPicture(e.Picture)
		}
	}
	return nil, "", loam.Fail(loam.NotFound, "exhibit.not_found")
}

// suspected are the signs of a label that protections found in its part gave.
func suspected(v loam.Verdict, l loam.Label) []loam.Sign {
	out := []loam.Sign{}
	for _, f := range v.Findings {
		if f.Facts["protection"] == "" || l.State != loam.SuspectedAI {
			continue
		}
		part := label.TextField
		if name, n, _ := strings.Cut(f.Field, "."); name == "page" || name == "picture" {
			part = "picture." + strings.SplitN(n, ".", 2)[0]
		}
		if f.Field == loam.SoundField {
			part = loam.SoundField
		}
		voiced := l.Field == loam.SoundField && f.Facts["kind"] == string(loam.ProtectVoice)
		if part == l.Field || voiced {
			out = append(out, loam.Sign{Kind: "protected", State: loam.SuspectedAI, Place: f.Field, Says: cmp.Or(f.Text, f.Facts["kind"])})
		}
	}
	return out
}

// checkSound answers which registered recordings a sound is alike to (multipart field "file", or the
// body; 40 MB). Nothing of it is kept.
func (s *Server) checkSound(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	file, _, err := sent(r)
	if err != nil {
		s.fail(w, r, tooLarge(err, "picture.too_large", err))
		return
	}
	data, leave, err := s.spooledBytes(ctx, file)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	list, err := s.Hear.Match(ctx, data)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, list)
}
