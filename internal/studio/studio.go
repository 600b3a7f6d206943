package studio

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"loam"
	"loam/internal/text"
)

// Store is what the studio keeps.
type Store interface {
	CreateWork(ctx context.Context, owner, key string, d loam.Draft) (string, error)
	Work(ctx context.Context, owner, id string) (loam.Work, error)
	SaveDraft(ctx context.Context, owner, work string, revision int64, d loam.Draft, act loam.Act) (int64, error)
	Generated(ctx context.Context, account string, limit int) ([]loam.Generation, error)
	Generation(ctx context.Context, account, id string) (loam.Generation, error)
	Asset(ctx context.Context, owner, id string) (loam.Asset, error)
	Earlier(ctx context.Context, owner, work string, revision int64) (loam.Draft, error)
	Persona(ctx context.Context, account string) (loam.PersonaEdits, error)
	SavePersona(ctx context.Context, account string, e loam.PersonaEdits) error
	DeletePersona(ctx context.Context, account string) error
	Styled(ctx context.Context, account string, limit int) ([]loam.Styled, error)
}

// Studio is the creation tools of signed-in people. Styles are the names of the cover
// styles, the first is the default.
type Studio struct {
	Store     Store
	Profile   text.Profile
	Community func() Community
	Styles    []string
}

// maxIdea bounds an idea in characters: the longest article anyone pastes, and no more.
const maxIdea = 60_000

// Sheet is a work on the studio table: the draft, what the offline writer proposes for
// it, and what is to be mended before it can go out.
type Sheet struct {
	Work     loam.Work
	Arranged Arranged
	Checks   []Check
	Share    loam.Share
	Marks    []Merit // of the title as it is
}

// Try arranges an idea without keeping anything, for somebody not signed in.
func (s *Studio) Try(in Input) (Arranged, error) {
	if utf8.RuneCountInString(in.Idea) > maxIdea {
		return Arranged{}, loam.Fail(loam.TooLarge, "idea.too_long", maxIdea)
	}
	in.Community = s.Community()
	return Arrange(in.showable())
}

// showable is an input without what must not stand among others' words, which a paste may
// bring along unseen.
func (in Input) showable() Input {
	in.Idea, in.Answers = text.Showable(in.Idea), slices.Clone(in.Answers)
	for i := range in.Answers {
		in.Answers[i].Text = text.Showable(in.Answers[i].Text)
	}
	return in
}

// Begin makes a work from an idea. The key makes it idempotent: a double click begins one.
func (s *Studio) Begin(ctx context.Context, owner, key string, in Input) (Sheet, error) {
	in = in.showable()
	in.Account = owner
	in.Choices = chosen(in.Choices, loam.Choices{})
	if err := s.dress(ctx, owner, &in.Choices); err != nil {
		return Sheet{}, err
	}
	a, err := s.Try(in)
	if err != nil {
		return Sheet{}, err
	}
	d := loam.Draft{Kind: a.Kind, Idea: in.Idea, Answers: orEmpty(in.Answers), Attempt: in.Attempt, Choices: in.Choices, Style: s.Styles[0], Pictures: []loam.Picture{}, Writer: "offline"}
	generated, err := s.Store.Generated(ctx, owner, loam.Recalled)
	if err != nil {
		return Sheet{}, err
	}
	said := readAll(generated)
	elsewhere, err := s.elsewhere(ctx, owner, touching(append(answerTexts(d.Answers), d.Idea), said))
	if err != nil {
		return Sheet{}, err
	}
	d.Borrowed = borrowed("idea", d.Idea, elsewhere, said)
	own := ownWords(d) + elsewhere
	for _, answer := range d.Answers {
		d.Borrowed = append(d.Borrowed, borrowed(answer.Slot, answer.Text, own, said)...)
	}
	d.Title, d.Body, d.Tags, d.Pages = firstTitle(a, d.Borrowed), runsOf(a.BodyParts, d.Borrowed), tagNames(a), a.Pages
	id, err := s.Store.CreateWork(ctx, owner, key, d)
	if err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// Open lays a work on the table.
func (s *Studio) Open(ctx context.Context, owner, id string) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	in := s.input(w)
	if in.Recent, err = s.recent(ctx, owner, id); err != nil {
		return Sheet{}, err
	}
	a, err := s.Try(in)
	if err != nil && loam.KindOf(err) != loam.Invalid {
		return Sheet{}, err
	}
	d := w.Draft
	in.Community = s.Community()
	return Sheet{
		Marks: Judge(in, loam.Plain(d.Title)),
		Work:  w, Arranged: a, Share: loam.ShareOf(d.Title, d.Body),
		Checks: Checks(s.Profile, loam.Plain(d.Title), loam.Plain(d.Body), d.Tags, d.Pages),
	}, nil
}

// recentTitles is how many of her own titles a new one is held against.
const recentTitles = 5

// recent are the titles of her other published notes.
func (s *Studio) recent(ctx context.Context, owner, work string) ([]string, error) {
	styled, err := s.Store.Styled(ctx, owner, recentTitles+1)
	var out []string
	for _, n := range styled {
		if n.Work != work && len(out) < recentTitles {
			out = append(out, n.Content.Title)
		}
	}
	return out, err
}

func (s *Studio) input(w loam.Work) Input {
	in := inputOf(w.Draft)
	in.Account = w.Owner
	return in
}

// Edit is a change of a draft; what is nil stays.
type Edit struct {
	Revision int64
	Title    *string
	Body     *string
	Tags     *[]string
	Pages    *[]loam.Page
	Style    *string
	Brand    *loam.Brand // an empty one takes it off
	Pictures *[]loam.Picture
	Sound    *loam.Sound // an empty one takes it off
}

// Save applies an edit to the revision it was made on, and computes origins anew. An edit
// of an older revision is a Conflict: nobody's words are overwritten.
func (s *Studio) Save(ctx context.Context, owner, id string, e Edit) (Sheet, error) {
	return s.save(ctx, owner, id, e, loam.ActEdit)
}

func (s *Studio) save(ctx context.Context, owner, id string, e Edit, act loam.Act) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	if err := s.apply(ctx, &w, e); err != nil {
		return Sheet{}, err
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, e.Revision, w.Draft, act); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

func (s *Studio) apply(ctx context.Context, w *loam.Work, e Edit) error {
	d := &w.Draft
	d.Before = nil // she went on: there is nothing to take back
	if e.Title != nil || e.Body != nil {
		was := loam.Plain(d.Title)
		if err := s.retrace(ctx, w, e); err != nil {
			return err
		}
		d.Pages = retitled(d.Pages, was, loam.Plain(d.Title))
	}
	if e.Tags != nil {
		d.Tags = clean(*e.Tags)
	}
	if e.Style != nil {
		if !slices.Contains(s.Styles, *e.Style) {
			return loam.Fail(loam.Invalid, "style.unknown", *e.Style)
		}
		d.Style = *e.Style
	}
	if e.Pictures != nil {
		d.Pictures = *e.Pictures
	}
	if e.Sound != nil {
		if err := e.Sound.Check(); err != nil {
			return err
		}
		if d.Sound = e.Sound; e.Sound.Asset == "" {
			d.Sound = nil
		}
	}
	if e.Brand != nil {
		if err := e.Brand.Check(); err != nil {
			return err
		}
		if d.Brand = e.Brand; *e.Brand == (loam.Brand{}) {
			d.Brand = nil
		}
	}
	if e.Pages != nil {
		for _, p := range *e.Pages {
			if err := p.Check(); err != nil {
				return err
			}
		}
		d.Pages = *e.Pages
	}
	return s.ownAssets(ctx, w.Owner, d)
}

// retitled lets a cover that shows the note's title show its new one.
func retitled(pages []loam.Page, was, now string) []loam.Page {
	if was == now || now == "" || len(pages) == 0 || pages[0].Kind != loam.PageCover {
		return pages
	}
	head, tail, _ := strings.Cut(was, "｜")
	cover := pages[0]
	if cover.Title != head && cover.Title != was {
		return pages // it says something of its own
	}
	first, second, _ := strings.Cut(now, "｜")
	cover.Title = first
	if rest, ok := strings.CutPrefix(cover.Sub, tail); ok && tail != "" {
		cover.Sub = strings.TrimLeft(second+rest, " ·")
	}
	pages = slices.Clone(pages)
	pages[0] = cover
	return pages
}

// retrace computes the origins of the edited title and body.
func (s *Studio) retrace(ctx context.Context, w *loam.Work, e Edit) error {
	generated, err := s.Store.Generated(ctx, w.Owner, loam.Recalled)
	if err != nil {
		return err
	}
	var words []string
	for _, s := range []*string{e.Title, e.Body} {
		if s != nil {
			words = append(words, *s)
		}
	}
	touched, err := s.touched(ctx, w.Owner, words, generated)
	if err != nil {
		return err
	}
	d := &w.Draft
	own := ownWords(*d)
	if e.Title != nil {
		title := strings.Join(strings.Fields(strings.ToValidUTF8(*e.Title, "")), " ")
		if runs, ok := s.proposed(*w, title); ok {
			d.Title = runs
		} else {
			d.Title = retrace(d.Title, title, own, touched)
		}
	}
	if e.Body != nil {
		d.Body = retrace(d.Body, strings.ToValidUTF8(strings.ReplaceAll(*e.Body, "\r\n", "\n"), ""), own, touched)
	}
	return nil
}

// touched are the model texts that could have given any of the words, with what each was
// given to read.
func (s *Studio) touched(ctx context.Context, owner string, words []string, generated []loam.Generation) ([]told, error) {
	out := touching(words, readAll(generated))
	for i, g := range out {
		whole, err := s.Store.Generation(ctx, owner, g.ID)
		if err != nil {
			return nil, err
		}
		out[i] = g.with(whole.Prompt)
	}
	return out, nil
}

// proposed gives the runs of a title that is one of the writer's proposals.
func (s *Studio) proposed(w loam.Work, title string) ([]loam.Run, bool) {
	a, err := s.Try(s.input(w))
	if err != nil {
		return nil, false
	}
	for _, t := range a.Titles {
		if t.Text == title {
			return runsOf(t.Parts, w.Draft.Borrowed), true
		}
	}
	return nil, false
}

// maxPhotos bounds the pictures of one note: four on each page, and some to choose from.
const maxPhotos = 80

// ownAssets refuses a draft that names a picture or sound of somebody else, or one for the other.
func (s *Studio) ownAssets(ctx context.Context, owner string, d *loam.Draft) error {
	ids := map[string]bool{}
	for _, p := range d.Pages {
		if p.Asset != "" {
			ids[p.Asset] = true
		}
		for _, f := range p.Photos { // also where the kind does not show them now
			ids[f.Asset] = true
		}
	}
	for _, p := range d.Pictures {
		ids[p.Asset] = true
	}
	if len(ids) > maxPhotos {
		return loam.Fail(loam.TooLarge, "pictures.too_many", maxPhotos)
	}
	for id := range ids {
		a, err := s.Store.Asset(ctx, owner, id)
		if err == nil && a.Audio() {
			err = loam.Fail(loam.Invalid, "picture.type")
		}
		if err != nil {
			return err
		}
	}
	if d.Sound == nil {
		return nil
	}
	a, err := s.Store.Asset(ctx, owner, d.Sound.Asset)
	if err == nil && !a.Audio() {
		err = loam.Fail(loam.Invalid, "sound.type")
	}
	if err == nil {
		sound := *d.Sound
		sound.Millis = a.Millis
		d.Sound = &sound
	}
	return err
}

// The parts of a note that can be asked for again by themselves.
const (
	PartTitle = "title"
	PartBody  = "body"
	PartTags  = "tags"
	PartPages = "pages"
)

// Turn is a new arrangement: another kind, answers to the questions, another attempt, other
// choices (nil keeps them). Part asks for one part again, whatever became of it, and keeps
// the others; then the rest of the turn is not read.
type Turn struct {
	Revision int64
	Kind     loam.NoteKind
	Answers  []loam.Answer
	Attempt  int
	Choices  *loam.Choices
	Part     string
}

// again arranges one part anew and keeps the others. What stood there comes back by Undo.
func (s *Studio) again(ctx context.Context, w loam.Work, turn Turn) (Sheet, error) {
	d := &w.Draft
	d.Before = before(*d)
	if turn.Part == PartTitle {
		d.Attempt++
	} else {
		d.Choices.Again = maps.Clone(d.Choices.Again)
		if d.Choices.Again == nil {
			d.Choices.Again = map[string]int{}
		}
		d.Choices.Again[turn.Part]++
	}
	if turn.Part == PartBody {
		if err := s.dress(ctx, w.Owner, &d.Choices); err != nil {
			return Sheet{}, err
		}
	}
	a, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	switch turn.Part {
	case PartTitle:
		d.Title = firstTitle(a, d.Borrowed)
	case PartBody:
		d.Body = runsOf(a.BodyParts, d.Borrowed)
	case PartTags:
		d.Tags = tagNames(a)
	case PartPages:
		d.Pages = withPhotos(a.Pages, d.Pages, s.Profile.PagesMax)
	default:
		return Sheet{}, loam.Fail(loam.Invalid, "part.unknown")
	}
	if _, err := s.Store.SaveDraft(ctx, w.Owner, w.ID, turn.Revision, *d, loam.ActAgain); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, w.Owner, w.ID)
}

// withPhotos keeps the pages that show a picture of hers, behind the new ones.
func withPhotos(fresh, old []loam.Page, most int) []loam.Page {
	var photos []loam.Page
	for _, p := range old {
		if p.Asset != "" {
			photos = append(photos, p)
		}
	}
	return slices.Concat(fresh[:max(1, min(len(fresh), most-len(photos)))], photos)
}

// Rearrange arranges the idea again. What she edited by hand stays hers: title, body, tags
// and pages are replaced only where they still are what the writer proposed; an answer to
// an edited body is added as its own line.
func (s *Studio) Rearrange(ctx context.Context, owner, id string, turn Turn) (Sheet, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	if turn.Part != "" {
		return s.again(ctx, w, turn)
	}
	before, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	d := &w.Draft
	answered := fresh(d.Answers, turn.Answers)
	if err := s.borrow(ctx, owner, d, turn.Answers); err != nil {
		return Sheet{}, err
	}
	d.Kind, d.Answers, d.Attempt, d.Before = turn.Kind, orEmpty(turn.Answers), turn.Attempt, nil
	if turn.Choices != nil {
		d.Choices = chosen(*turn.Choices, d.Choices)
	}
	after, err := s.Try(s.input(w))
	if err != nil {
		return Sheet{}, err
	}
	d.Kind = after.Kind
	if slices.ContainsFunc(before.Titles, func(t Title) bool { return t.Text == loam.Plain(d.Title) }) {
		d.Title = firstTitle(after, d.Borrowed)
	}
	if loam.Plain(d.Body) == before.Body {
		d.Body = runsOf(after.BodyParts, d.Borrowed)
	} else {
		for _, a := range answered {
			answer := Part{Text: a.Text, From: a.Slot, End: len(a.Text)}
			d.Body = append(d.Body, loam.Run{Text: "\n", Origin: loam.ByPerson})
			d.Body = append(d.Body, runsOf([]Part{answer}, d.Borrowed)...)
		}
	}
	if slices.Equal(d.Tags, tagNames(before)) {
		d.Tags = tagNames(after)
	}
	if samePages(d.Pages, before.Pages) {
		d.Pages = after.Pages
	}
	if _, err := s.Store.SaveDraft(ctx, owner, id, turn.Revision, *d, loam.ActArrange); err != nil {
		return Sheet{}, err
	}
	return s.Open(ctx, owner, id)
}

// borrow finds what of new answers a model wrote; what was found of kept ones stays. What
// she wrote herself before is hers, even where a model echoed it since.
func (s *Studio) borrow(ctx context.Context, owner string, d *loam.Draft, answers []loam.Answer) error {
	generated, err := s.Store.Generated(ctx, owner, loam.Recalled)
	if err != nil {
		return err
	}
	said := readAll(generated)
	elsewhere, err := s.elsewhere(ctx, owner, touching(answerTexts(answers), said))
	if err != nil {
		return err
	}
	own := ownWords(*d) + elsewhere
	var out []loam.Borrowed
	for _, b := range d.Borrowed {
		kept := func(a loam.Answer) bool { return a.Slot == b.From && slices.Contains(d.Answers, a) }
		if b.From == "idea" || slices.ContainsFunc(answers, kept) {
			out = append(out, b)
		}
	}
	for _, a := range fresh(d.Answers, answers) {
		out = append(out, borrowed(a.Slot, a.Text, own, said)...)
	}
	d.Borrowed = out
	return nil
}

// elsewhere is what she wrote herself in the works of these model texts: who begins anew
// with an idea that a model once echoed wrote it all the same.
func (s *Studio) elsewhere(ctx context.Context, owner string, touched []told) (string, error) {
	var own strings.Builder
	seen := map[string]bool{}
	for _, g := range touched {
		if seen[g.Work] {
			continue
		}
		seen[g.Work] = true
		w, err := s.Store.Work(ctx, owner, g.Work)
		if loam.KindOf(err) == loam.NotFound {
			continue // deleted, and her words with it
		}
		if err != nil {
			return "", err
		}
		own.WriteString("\n" + ownWords(w.Draft))
	}
	return own.String(), nil
}

func answerTexts(answers []loam.Answer) []string {
	var out []string
	for _, a := range answers {
		out = append(out, a.Text)
	}
	return out
}

// Mended is what a draft would be within the platform's limits.
type Mended struct {
	Title string      `json:"title"`
	Body  string      `json:"body"`
	Tags  []string    `json:"tags"`
	Pages []loam.Page `json:"pages"`
}

// Mending shows what Mend would make of a draft, and changes nothing.
func (s *Studio) Mending(ctx context.Context, owner, id string) (Mended, error) {
	w, err := s.Store.Work(ctx, owner, id)
	if err != nil {
		return Mended{}, err
	}
	var m Mended
	m.Title, m.Body, m.Tags, m.Pages = Repair(s.Profile, loam.Plain(w.Draft.Title), loam.Plain(w.Draft.Body), w.Draft.Tags, w.Draft.Pages)
	return m, nil
}

// Mend brings everything within the platform's limits in one step.
func (s *Studio) Mend(ctx context.Context, owner, id string, revision int64) (Sheet, error) {
	m, err := s.Mending(ctx, owner, id)
	if err != nil {
		return Sheet{}, err
	}
	return s.save(ctx, owner, id, Edit{Revision: revision, Title: &m.Title, Body: &m.Body, Tags: &m.Tags, Pages: &m.Pages}, loam.ActMend)
}

// chosen are the choices a client may make, with the rest as it was.
func chosen(c, was loam.Choices) loam.Choices {
	was.Me = c.Me
	was.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(n int) bool { return n < 0 || n > maxIdea })
	was.Derived = slices.DeleteFunc(slices.Clone(c.Derived), func(code string) bool { return len(code) > 40 })
	return was
}

func firstTitle(a Arranged, b []loam.Borrowed) []loam.Run {
	if len(a.Titles) == 0 {
		return []loam.Run{}
	}
	return runsOf(a.Titles[0].Parts, b)
}

func tagNames(a Arranged) []string {
	out := []string{}
	for _, t := range a.Tags {
		out = append(out, t.Name)
	}
	return out
}

// fresh are the answers that were not there before.
func fresh(before, after []loam.Answer) []loam.Answer {
	var out []loam.Answer
	for _, a := range after {
		if !slices.Contains(before, a) && strings.TrimSpace(a.Text) != "" {
			out = append(out, a)
		}
	}
	return out
}

// samePages compares what would be stored: an empty list of lines is none.
func samePages(a, b []loam.Page) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func clean(tags []string) []string {
	out := []string{}
	for _, t := range tags {
		t = strings.Join(strings.Fields(strings.TrimLeft(strings.ToValidUTF8(t, ""), "#＃")), "")
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
