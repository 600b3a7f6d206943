package web

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"loam"
)

// Notices are takedown notices, the claims they make on works, and what follows for who is
// claimed against. Of a receipt number they know the digest alone.
type Notices interface {
	FileNotice(ctx context.Context, n loam.Notice, works []string, number string) (loam.Notice, error)
	Notice(ctx context.Context, number string) (loam.Notice, error)
	NoticeOf(ctx context.Context, claim string) (loam.Notice, error)
	SentNotice(ctx context.Context, account, claim string) (bool, error)
	Answer(ctx context.Context, number, claim string, said loam.Pleading) error
	WithdrawNotice(ctx context.Context, number string) error

	Against(ctx context.Context, owner string, after loam.ClaimPlace, limit int) ([]loam.Claim, error)
	Counter(ctx context.Context, owner, claim string, said loam.Pleading) error
	Suspensions(ctx context.Context, account string) ([]loam.Suspension, error)
	Suspension(ctx context.Context, id string) (loam.Suspension, error)
	AppealSuspension(ctx context.Context, account, id, text string) error

	NoticeRecord(ctx context.Context, account string) (open, upheld int, err error)
	Registrations(ctx context.Context, work, version string, limit int) (own loam.Registration, older []loam.Registration, err error)
}

// claimsPage is how many claims a page of them has.
const claimsPage = 50

// NoticeForm is a takedown notice as it is sent in.
type NoticeForm struct {
	Right    loam.Right    `json:"right" enum:"copyright,likeness,voice,reputation,privacy,trademark,other"`
	Works    []string      `json:"works" minItems:"1" maxItems:"20" doc:"Addresses of works here, such as https://HOST/p/WORK"`
	Name     string        `json:"name" maxLength:"400" doc:"Who sends it; the uploader is told"`
	Contact  string        `json:"contact" maxLength:"2000" doc:"How to reach her; for reviewers only"`
	Standing loam.Standing `json:"standing" enum:"owner,licensee,agent,guardian"`
	Text     string        `json:"text" maxLength:"20000" doc:"What is infringed and how, the preliminary evidence"`
	Links    []string      `json:"links,omitempty" maxItems:"5" doc:"Addresses of evidence"`
	Truthful bool          `json:"truthful" doc:"That it is true, and that she answers for it"`
}

// NoticeView is a notice as whoever has its number reads it: without who sent it.
type NoticeView struct {
	Number      string        `json:"number"`
	Right       loam.Right    `json:"right"`
	Standing    loam.Standing `json:"standing"`
	Text        string        `json:"text"`
	Links       []string      `json:"links"`
	At          int64         `json:"at"`
	WithdrawnAt int64         `json:"withdrawn_at"`
	Claims      []loam.Claim  `json:"claims"`
}

func noticeView(number string, n loam.Notice) NoticeView {
	return NoticeView{Number: number, Right: n.Right, Standing: n.Standing, Text: n.Text, Links: n.Links, At: n.At, WithdrawnAt: n.WithdrawnAt, Claims: n.Claims}
}

// ClaimView is a claim as the uploader reads it: what is claimed and by whom, not how to reach her.
type ClaimView struct {
	loam.Claim
	Name     string        `json:"name"`
	Standing loam.Standing `json:"standing"`
	Text     string        `json:"text"`
	Links    []string      `json:"links"`
	Page     string        `json:"page" doc:"What the next page is asked for with, if this is the last of one"`
}

// PleadingForm is what one side says on a claim.
type PleadingForm struct {
	Text  string   `json:"text" maxLength:"20000"`
	Links []string `json:"links,omitempty" maxItems:"5"`
}

// NumberRef is a receipt number in a path.
type NumberRef struct {
	Number string `path:"number" maxLength:"64"`
}

func (s *Server) noticeRoutes() {
	s.noticePages()
	type file struct{ Body NoticeForm }
	op(s, "POST", "/api/notices", "file-notice", "Ask for works to be taken down; no account needed. The number in the answer is the only way back to it", func(ctx context.Context, in *file) (*body[NoticeView], error) {
		return answer(s.fileNotice(ctx, in.Body))
	})
	op(s, "GET", "/api/notices/{number}", "get-notice", "Where a notice stands, for whoever has its number", func(ctx context.Context, in *NumberRef) (*body[NoticeView], error) {
		n, err := s.noticed(ctx, in.Number)
		return answer(noticeView(in.Number, n), err)
	})
	type reply struct {
		NumberRef
		Claim string `path:"claim" maxLength:"64"`
		Body  PleadingForm
	}
	op(s, "POST", "/api/notices/{number}/claims/{claim}", "void-answer-notice", "Answer a reviewer's question or the uploader's counter-notice", func(ctx context.Context, in *reply) (*struct{}, error) {
		return nil, s.answerNotice(ctx, in.Number, in.Claim, in.Body)
	})
	op(s, "DELETE", "/api/notices/{number}", "withdraw-notice", "Take a notice back; what was taken down for it comes back", func(ctx context.Context, in *NumberRef) (*struct{}, error) {
		return nil, s.withdrawNotice(ctx, in.Number)
	})
	s.claimRoutes()
}

// claimRoutes are those of who is claimed against.
func (s *Server) claimRoutes() {
	type page struct {
		Before string `query:"before" maxLength:"64" doc:"The page of the last claim of the page before; a page has 50"`
	}
	op(s, "GET", "/api/claims", "list-claims", "The claims on one's own works: those one has not countered yet, then the others, the newest of each first", func(ctx context.Context, in *page) (*body[[]ClaimView], error) {
		return answer(s.against(ctx, in.Before))
	})
	type oppose struct {
		Ref
		Body PleadingForm
	}
	op(s, "POST", "/api/claims/{id}/counter", "void-counter-claim", "Declare that a work of one's own does not infringe, with evidence, once", func(ctx context.Context, in *oppose) (*struct{}, error) {
		said, err := saidOf(in.Body)
		if err != nil {
			return nil, err
		}
		return nil, s.Notices.Counter(ctx, callerOf(ctx).id(), in.ID, said)
	})
	op(s, "GET", "/api/suspensions", "list-suspensions", "When one may not publish, and why", func(ctx context.Context, _ *struct{}) (*body[[]loam.Suspension], error) {
		return answer(s.Notices.Suspensions(ctx, callerOf(ctx).id()))
	})
	type unbar struct {
		Ref
		Body struct {
			Text string `json:"text" maxLength:"8000"`
		}
	}
	op(s, "POST", "/api/suspensions/{id}/appeal", "void-appeal-suspension", "Challenge a suspension, once; somebody else decides", func(ctx context.Context, in *unbar) (*struct{}, error) {
		text, err := words(in.Body.Text, "appeal.length")
		if err != nil {
			return nil, err
		}
		return nil, s.Notices.AppealSuspension(ctx, callerOf(ctx).id(), in.ID, text)
	})
}

// fileNotice checks a form and files it; the view has the number.
func (s *Server) fileNotice(ctx context.Context, f NoticeForm) (NoticeView, error) {
	c := callerOf(ctx)
	if !s.slow.allow("notice " + c.address) {
		return NoticeView{}, loam.Fail(loam.Limited, "request.too_often")
	}
	n, err := noticeOf(f)
	if err != nil {
		return NoticeView{}, err
	}
	works, err := s.worksAt(ctx, f.Works)
	if err != nil {
		return NoticeView{}, err
	}
	number := loam.NewSecret()
	n.Account, n.Address = c.id(), c.address
	n, err = s.Notices.FileNotice(ctx, n, works, Digest(number))
	return noticeView(number, n), err
}

// noticeOf reads a form; the works are worksAt's.
func noticeOf(f NoticeForm) (n loam.Notice, err error) {
	n = loam.Notice{Right: f.Right, Standing: f.Standing}
	switch {
	case !slices.Contains(loam.Rights(), f.Right):
		return n, loam.Fail(loam.Invalid, "notice.right")
	case !slices.Contains(loam.Standings(), f.Standing):
		return n, loam.Fail(loam.Invalid, "notice.standing")
	case !f.Truthful:
		return n, loam.Fail(loam.Invalid, "notice.truthful")
	}
	if n.Name, err = line(f.Name, 2, loam.NoticeName, "notice.name"); err != nil {
		return n, err
	}
	if n.Contact, err = line(f.Contact, 5, loam.NoticeLine, "notice.contact"); err != nil {
		return n, err
	}
	said, err := saidOf(PleadingForm{f.Text, f.Links})
	n.Text, n.Links = said.Text, said.Links
	return n, err
}

// line is one line of a form, of least to most characters. What turns the direction of the words
// around it is refused: a reviewer would read another name or number than was sent.
func line(text string, least, most int, code string) (string, error) {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), loam.Breaks), " ")
	text = strings.TrimSpace(text)
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }) {
		return "", loam.Fail(loam.Invalid, "notice.direction")
	}
	if n := utf8.RuneCountInString(text); n < least || n > most {
		return "", loam.Fail(loam.Invalid, code, least, most)
	}
	return text, nil
}

// saidOf reads a statement and the addresses of its evidence.
func saidOf(f PleadingForm) (loam.Pleading, error) {
	text := strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(f.Text, ""), "\x00", ""))
	if n := utf8.RuneCountInString(text); n < 10 || n > loam.NoticeText {
		return loam.Pleading{}, loam.Fail(loam.Invalid, "notice.text", 10, loam.NoticeText)
	}
	links := nonEmpty(f.Links)
	if len(links) > loam.NoticeLinks {
		return loam.Pleading{}, loam.Fail(loam.TooLarge, "notice.links", loam.NoticeLinks)
	}
	for _, l := range links {
		u, err := url.Parse(l)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || utf8.RuneCountInString(l) > loam.NoticeLine || !utf8.ValidString(l) || strings.ContainsFunc(l, loam.Unseen) {
			return loam.Pleading{}, loam.Fail(loam.Invalid, "notice.link", shown(l))
		}
	}
	return loam.Pleading{Text: text, Links: links}, nil
}

func nonEmpty(list []string) []string {
	out := []string{}
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// shown is what somebody sent, short enough to be said back.
func shown(s string) string {
	r := []rune(strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), loam.Unseen), " "))
	if len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return string(r)
}

// worksAt finds the works that addresses of this installation lead to.
func (s *Server) worksAt(ctx context.Context, addresses []string) ([]string, error) {
	addresses = nonEmpty(addresses)
	if len(addresses) == 0 || len(addresses) > loam.NoticeWorks {
		return nil, loam.Fail(loam.Invalid, "notice.works", loam.NoticeWorks)
	}
	out := []string{}
	for _, a := range addresses {
		work, err := s.workAt(ctx, a)
		if k := loam.KindOf(err); k == loam.NotFound {
			err = loam.Fail(loam.NotFound, "notice.work", shown(a))
		}
		if err != nil {
			return nil, err
		}
		if slices.Contains(out, work) {
			return nil, loam.Fail(loam.Invalid, "notice.work_twice", shown(a))
		}
		if _, err := s.Square.Store.ByWork(ctx, work); err != nil {
			if k := loam.KindOf(err); k == loam.NotFound || k == loam.Gone {
				err = loam.Fail(loam.NotFound, "notice.work", shown(a))
			}
			return nil, err
		}
		out = append(out, work)
	}
	return out, nil
}

// workAt is the work at one address: of a note or comment, of a creator's profile, or its id.
func (s *Server) workAt(ctx context.Context, address string) (string, error) {
	if loam.IsID(address) {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", loam.Fail(loam.Invalid, "notice.address", shown(address)).Because(err)
	}
	if u.Host != "" && !s.hostAllowed(u.Host) {
		return "", loam.Fail(loam.Invalid, "notice.elsewhere", shown(address))
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 || u.Host == "" && !strings.HasPrefix(u.Path, "/") {
		return "", loam.Fail(loam.Invalid, "notice.address", shown(address))
	}
	switch {
	case parts[0] == "p" && loam.IsID(parts[1]):
		return parts[1], nil
	case parts[0] == "u" && loam.CheckHandle(parts[1]) == nil:
		a, _, err := s.Accounts.AccountByHandle(ctx, parts[1])
		if err != nil {
			return "", err
		}
		v, err := s.Accounts.Profile(ctx, a.ID)
		return v.Work, err
	}
	return "", loam.Fail(loam.Invalid, "notice.address", shown(address))
}

// noticed reads the notice of a number. Who guesses gets the same answer every time, and soon
// none.
func (s *Server) noticed(ctx context.Context, number string) (loam.Notice, error) {
	if !s.numbers.allow(callerOf(ctx).address) {
		return loam.Notice{}, loam.Fail(loam.Limited, "request.too_often")
	}
	return s.Notices.Notice(ctx, Digest(number))
}

func (s *Server) answerNotice(ctx context.Context, number, claim string, f PleadingForm) error {
	if _, err := s.noticed(ctx, number); err != nil {
		return err
	}
	said, err := saidOf(f)
	if err != nil {
		return err
	}
	return s.Notices.Answer(ctx, Digest(number), claim, said)
}

func (s *Server) withdrawNotice(ctx context.Context, number string) error {
	if _, err := s.noticed(ctx, number); err != nil {
		return err
	}
	return s.Notices.WithdrawNotice(ctx, Digest(number))
}

// claimPage is a place as the next page is asked for with it.
func claimPage(p loam.ClaimPlace) string {
	if p.Waited {
		return "waits-" + p.ID
	}
	return "rests-" + p.ID
}

func claimPlace(page string) (loam.ClaimPlace, error) {
	how, id, _ := strings.Cut(page, "-")
	if page != "" && (id == "" || how != "waits" && how != "rests") {
		return loam.ClaimPlace{}, loam.Fail(loam.Invalid, "claims.page")
	}
	return loam.ClaimPlace{Waited: how == "waits", ID: id}, nil
}

// against lists the claims on the caller's works.
func (s *Server) against(ctx context.Context, before string) ([]ClaimView, error) {
	after, err := claimPlace(before)
	if err != nil {
		return nil, err
	}
	list, err := s.Notices.Against(ctx, callerOf(ctx).id(), after, claimsPage)
	out := make([]ClaimView, 0, len(list))
	notices := map[string]loam.Notice{}
	for _, k := range list {
		n, there := notices[k.Notice]
		if !there {
			if n, err = s.Notices.NoticeOf(ctx, k.ID); err != nil {
				return nil, err
			}
			notices[k.Notice] = n
		}
		out = append(out, ClaimView{Claim: k, Name: n.Name, Standing: n.Standing, Text: n.Text, Links: n.Links, Page: claimPage(k.Place())})
	}
	return out, err
}

// NoticeCase is what a reviewer sees of a claim: the notice with who sent it, the uploader's
// record, and who stands in the ledger since when.
type NoticeCase struct {
	Notice loam.Notice         `json:"notice"`
	Claim  loam.Claim          `json:"claim"`
	Open   int                 `json:"open"`   // notices under way against the uploader
	Upheld int                 `json:"upheld"` // those that stand
	Own    loam.Registration   `json:"own"`    // of the work; its place is -1 and its work "" where it has none
	Older  []loam.Registration `json:"older"`  // of works of others that are like it
}

// olderShown is how many older registrations a case shows.
const olderShown = 3

// noticeCase is nil for a case of another kind. Who sent the notice is not shown her own.
func (s *Server) noticeCase(ctx context.Context, c loam.Case, v loam.Version) (*NoticeCase, error) {
	if c.Kind != loam.CaseNotice {
		return nil, nil
	}
	hers, err := s.Notices.SentNotice(ctx, callerOf(ctx).id(), c.Appeal)
	if err == nil && hers {
		err = loam.Fail(loam.Denied, "review.own_work")
	}
	var n loam.Notice
	if err == nil {
		n, err = s.Notices.NoticeOf(ctx, c.Appeal)
	}
	if err != nil {
		return nil, err
	}
	out := &NoticeCase{Notice: n}
	for _, k := range n.Claims {
		if k.ID == c.Appeal {
			out.Claim = k
		}
	}
	if out.Open, out.Upheld, err = s.Notices.NoticeRecord(ctx, v.Owner); err != nil {
		return nil, err
	}
	out.Own, out.Older, err = s.Notices.Registrations(ctx, v.Work, v.ID, olderShown)
	return out, err
}

// suspensionCase is nil for a case of another kind.
func (s *Server) suspensionCase(ctx context.Context, c loam.Case) (*loam.Suspension, error) {
	if c.Kind != loam.CaseBarred {
		return nil, nil
	}
	x, err := s.Notices.Suspension(ctx, c.Appeal)
	return &x, err
}

// ruledClaim is the sentence a ruling on a claim is told by.
func ruledClaim(lang string, d loam.Decision) string {
	step, _ := loam.ClaimStepOf(d.Ruling, d.Reason)
	return sentence(lang, "statement.claim."+string(step), sentence(lang, "claim.reason."+d.Reason))
}
