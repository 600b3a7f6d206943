package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/label"
	"loam/internal/media"
)

// Labels is what the routes about labels keep and read: appeals with their evidence, and
// the applications for files without a visible label.
type Labels interface {
	AddExhibit(ctx context.Context, e loam.Exhibit, picture loam.Asset) (loam.Exhibit, error)
	RemoveExhibit(ctx context.Context, owner, version, id string) error
	LabelAppeals(ctx context.Context, version string) ([]loam.LabelAppeal, error)
	FileLabelAppeal(ctx context.Context, owner string, a loam.LabelAppeal) (loam.LabelAppeal, error)
	CreateWaiver(ctx context.Context, w loam.Waiver) (loam.Waiver, error)
	Waiver(ctx context.Context, owner, id string) (loam.Waiver, error)
	Waivers(ctx context.Context, limit int) ([]loam.Waiver, error)
	Deliver(ctx context.Context, waiver string, d loam.Delivery) error
}

// maxWords bounds what is written in an appeal or application.
const maxWords = 2000

func (s *Server) labelRoutes() {
	s.handle("POST /api/versions/{id}/exhibits", s.exhibit)
	type exhibitRef struct {
		Ref
		Exhibit string `path:"exhibit"`
	}
	op(s, "DELETE", "/api/versions/{id}/exhibits/{exhibit}", "remove-exhibit", "Take back a file handed in as evidence, before an appeal is sent with it", func(ctx context.Context, in *exhibitRef) (*struct{}, error) {
		return nil, s.Labels.RemoveExhibit(ctx, callerOf(ctx).id(), in.ID, in.Exhibit)
	})
	type appealLabel struct {
		Ref
		Body struct {
			Field    string   `json:"field" maxLength:"40" doc:"text, sound, or picture.1 …"`
			Text     string   `json:"text" maxLength:"4000"`
			Exhibits []string `json:"exhibits,omitempty" maxItems:"12"`
		}
	}
	op(s, "POST", "/api/versions/{id}/label-appeals", "appeal-label", "Challenge the AI label of a text, picture or sound, with evidence; a reviewer decides", func(ctx context.Context, in *appealLabel) (*body[loam.LabelAppeal], error) {
		text, err := words(in.Body.Text, "appeal.length")
		if err != nil {
			return nil, err
		}
		a := loam.LabelAppeal{Version: in.ID, Field: in.Body.Field, Text: text, Exhibits: []loam.Exhibit{}}
		for _, id := range in.Body.Exhibits {
			a.Exhibits = append(a.Exhibits, loam.Exhibit{ID: id})
		}
		return answer(s.Labels.FileLabelAppeal(ctx, callerOf(ctx).id(), a))
	})
	type waive struct {
		Ref
		Body struct {
			Recipient string `json:"recipient" maxLength:"2000" doc:"Who gets the files"`
			Purpose   string `json:"purpose" maxLength:"4000" doc:"What for"`
			Agreement string `json:"agreement" maxLength:"20" doc:"The version of the terms that was read and accepted"`
		}
	}
	op(s, "POST", "/api/versions/{id}/waivers", "waive-label", "Apply for the files of a version without visible labels, on the agreement; it is logged for at least six months", func(ctx context.Context, in *waive) (*body[loam.Waiver], error) {
		return answer(s.waive(ctx, in.ID, in.Body.Recipient, in.Body.Purpose, in.Body.Agreement))
	})
	s.handle("GET /api/waivers/{id}/{field}", s.unmarked)
	op(s, "GET", "/api/operate/waivers", "list-waivers", "Who took files without a visible label, and which", func(ctx context.Context, _ *struct{}) (*body[[]loam.Waiver], error) {
		return answer(s.Labels.Waivers(ctx, 200))
	})
	s.handle("GET /api/review/cases/{id}/exhibits/{exhibit}", s.exhibitPicture)
}

// words is what somebody wrote in a form: something, and not too much. PostgreSQL keeps no
// NUL.
func words(text, code string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
	if n := utf8.RuneCountInString(text); n == 0 || n > maxWords {
		return "", loam.Fail(loam.Invalid, code, maxWords)
	}
	return text, nil
}

// exhibit takes in one file as evidence (multipart field "file", 40 MB): what it tells of its
// making, and of a picture a clean copy to be looked at. The file itself is not kept.
func (s *Server) exhibit(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	v, err := s.own(ctx, r.PathValue("id"))
	var file *os.File
	var name string
	if err == nil {
		if file, name, err = sent(r); err != nil {
			err = tooLarge(err, "picture.too_large", err)
		}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	e, err := s.keepExhibit(ctx, v, name, file)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, e)
}

func (s *Server) keepExhibit(ctx context.Context, v loam.Version, name string, file *os.File) (e loam.Exhibit, err error) {
	err = s.handed(ctx, name, file, func(h handed) error {
		e, err = s.Labels.AddExhibit(ctx, loam.Exhibit{
			Owner: callerOf(ctx).id(), Version: v.ID, Name: h.name, Digest: h.digest, Size: h.size, Type: h.typ, Facts: h.facts,
		}, h.shown)
		return err
	})
	return e, err
}

// handed is a file that was handed in as evidence: its own name, and what it tells of its making.
type handed struct {
	name, digest, typ string
	size              int64
	facts             map[string]string
	shown             loam.Asset // a clean copy of a picture; the zero Asset of anything else
	data              []byte
}

// handed reads such a file and gives it to keep while it is in memory.
func (s *Server) handed(ctx context.Context, name string, file *os.File, keep func(handed) error) error {
	data, leave, err := s.spooledBytes(ctx, file)
	if err != nil {
		return err
	}
	defer leave()
	if len(data) == 0 {
		return loam.Fail(loam.Invalid, "inspect.file")
	}
	sum := sha256.Sum256(data)
	h := handed{name: loam.ExhibitName(name), digest: hex.EncodeToString(sum[:]), typ: http.DetectContentType(data), size: int64(len(data)), facts: media.Facts(data), data: data}
	if _, err := media.Sniff(data); err == nil {
		if h.shown, err = s.Intake.Show(ctx, data); err != nil {
			return err
		}
	}
	return keep(h)
}

// handedPicture is the clean copy of a picture that was handed in, by its hash.
func (s *Server) handedPicture(hash string) ([]byte, string, error) {
	data, err := s.Blobs.Read(hash)
	if err != nil {
		return nil, "", err
	}
	t, err := media.Sniff(data)
	return data, string(t), err
}

// exhibitPicture shows a reviewer what was handed in with the appeal of her case.
func (s *Server) exhibitPicture(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	c, err := s.Library.Case(ctx, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	a, err := s.labelAppeal(ctx, c)
	if err == nil && a == nil {
		err = loam.Fail(loam.NotFound, "exhibit.not_found")
	}
	var data []byte
	typ := ""
	if err == nil {
		err = loam.Fail(loam.NotFound, "exhibit.not_found")
		for _, e := range a.Exhibits {
			if e.ID == r.PathValue("exhibit") && e.Picture != "" {
				data, typ, err = s.handedPicture(e.Picture)
			}
		}
	}
	s.picture(w, r, data, typ, err)
}

// labelAppeal is the appeal a case is about, nil if it is about something else; one's own is
// Denied.
func (s *Server) labelAppeal(ctx context.Context, c loam.Case) (*loam.LabelAppeal, error) {
	if c.Kind != loam.CaseLabel {
		return nil, nil
	}
	v, err := s.Library.Version(ctx, c.Version)
	if err == nil && v.Owner == callerOf(ctx).id() {
		err = loam.Fail(loam.Denied, "review.own_work")
	}
	if err != nil {
		return nil, err
	}
	list, err := s.Labels.LabelAppeals(ctx, c.Version)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].ID == c.Appeal {
			return &list[i], nil
		}
	}
	return nil, loam.Fail(loam.NotFound, "appeal.not_found")
}

// labelCase is the label a case is about, with its appeal; nil for other cases.
func (s *Server) labelCase(ctx context.Context, c loam.Case, v loam.Version) (*LabelView, error) {
	a, err := s.labelAppeal(ctx, c)
	if err != nil || a == nil {
		return nil, err
	}
	list, err := s.labelViews(ctx, v)
	for i := range list {
		if list[i].Field == a.Field {
			return &list[i], err
		}
	}
	return &LabelView{Field: a.Field, State: a.Was, Signs: []loam.Sign{}, Appeal: a}, err
}

// LabelView is one labelled part of a version: what its label says, why, and what became of
// its appeal.
type LabelView struct {
	Field  string            `json:"field"`
	State  loam.AIState      `json:"state"`
	Signs  []loam.Sign       `json:"signs"` // what was found in the files it is made of
	Words  bool              `json:"words"` // the words in it are, or may be, a model's
	Appeal *loam.LabelAppeal `json:"appeal,omitempty"`
	// Waivable: a visible label of ours stands in the file, which may leave without it on
	// application.
	Waivable bool `json:"waivable"`
}

// labelViews lists the parts of a version that carry a label.
func (s *Server) labelViews(ctx context.Context, v loam.Version) ([]LabelView, error) {
	out := []LabelView{}
	appeals, err := s.Labels.LabelAppeals(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	verdict, err := s.Library.Verdict(ctx, v.ID)
	if err != nil && loam.KindOf(err) != loam.NotFound {
		return nil, err
	}
	for _, l := range v.Labels {
		if l.State == loam.NotAI {
			continue
		}
		view := LabelView{Field: l.Field, State: l.State, Signs: suspected(verdict, l), Words: l.Field == label.TextField, Waivable: l.Visible != ""}
		view.Words = view.Words && len(view.Signs) == 0
		if sound := v.Content.Sound; sound != nil && l.Field == loam.SoundField {
			asset, err := s.Library.Asset(ctx, v.Owner, sound.Asset)
			if err != nil && loam.KindOf(err) != loam.NotFound {
				return nil, err
			}
			view.Signs = append(view.Signs, asset.Signs...)
		}
		for i, a := range v.Content.Assets {
			if a.Field != l.Field || i >= len(v.Content.Pages) {
				continue
			}
			for _, id := range v.Content.Pages[i].Assets() {
				asset, err := s.Library.Asset(ctx, v.Owner, id)
				if err != nil && loam.KindOf(err) != loam.NotFound {
					return nil, err
				}
				view.Signs = append(view.Signs, asset.Signs...)
			}
			view.Words = v.Content.Pages[i].Drawn() && len(view.Signs) == 0
		}
		for i := range appeals {
			if appeals[i].Field == l.Field {
				view.Appeal = &appeals[i]
			}
		}
		out = append(out, view)
	}
	return out, nil
}

// waive grants an application: to her who owns the version, on today's terms, with a word
// on who gets the files and what for (Labelling Measures Art. 9).
func (s *Server) waive(ctx context.Context, version, recipient, purpose, agreement string) (loam.Waiver, error) {
	c := callerOf(ctx)
	v, err := s.own(ctx, version)
	if err == nil {
		err = mayTake(v)
	}
	if err == nil && !slices.ContainsFunc(v.Labels, func(l loam.Label) bool { return l.Visible != "" }) {
		err = loam.Fail(loam.NotFound, "waiver.nothing")
	}
	if err == nil && agreement != loam.WaiverAgreement {
		err = loam.Fail(loam.Invalid, "waiver.agreement")
	}
	if err == nil {
		recipient, err = words(recipient, "waiver.recipient")
	}
	if err == nil {
		purpose, err = words(purpose, "waiver.purpose")
	}
	if err != nil {
		return loam.Waiver{}, err
	}
	return s.Labels.CreateWaiver(ctx, loam.Waiver{Owner: c.id(), Handle: c.account.Handle, Identity: loam.IdentityAccount, Version: v.ID, Recipient: recipient, Purpose: purpose, Agreement: agreement})
}

// mayTake reports why a version's files may not leave: nothing does without its labels.
func mayTake(v loam.Version) error {
	switch {
	case !v.Labelled:
		return loam.Fail(loam.Conflict, "confirm.not_ready")
	case v.State == loam.Refused || v.State == loam.Removed:
		return loam.Fail(loam.Conflict, "pack.held")
	}
	return nil
}

// unmarked hands out one file of a waiver's version without its visible label, with every other
// mark. They are read back in what goes out, and the delivery is on record before the first byte.
func (s *Server) unmarked(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if r.Method == http.MethodHead { // nothing is handed out, so nothing may be logged as handed out
		wrongMethod(w, r, http.MethodGet)
		return
	}
	waiver, err := s.Labels.Waiver(ctx, callerOf(ctx).id(), r.PathValue("id"))
	var v loam.Version
	if err == nil {
		if v, err = s.own(ctx, waiver.Version); err == nil {
			err = mayTake(v)
		}
	}
	var data []byte
	var l loam.Label
	if err == nil {
		data, l, err = s.Unmarked(ctx, v, r.PathValue("field"))
	}
	if err == nil {
		sum := sha256.Sum256(data)
		err = s.Labels.Deliver(ctx, waiver.ID, loam.Delivery{Field: l.Field, ProduceID: l.Mark.ProduceID, Digest: hex.EncodeToString(sum[:]), Channel: loam.ChannelDownload})
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	ext := ".md"
	h := w.Header()
	if t, err := media.Sniff(data); err == nil {
		ext = "." + strings.TrimPrefix(string(t), "image/")
		h.Set("Content-Type", string(t))
	} else if t, err := media.SniffSound(data); err == nil {
		ext = "." + soundExt[string(t)]
		h.Set("Content-Type", string(t))
	} else {
		h.Set("Content-Type", "text/markdown; charset=utf-8")
	}
	h.Set("Content-Disposition", `attachment; filename="`+v.Work+"-"+l.Field+ext+`"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data) // the client is gone; nothing to do
}
