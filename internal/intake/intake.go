// Package intake takes things in: a picture or sound somebody uploads, a draft that is to become a
// version, a comment, what somebody says of herself.
//
// It stands apart because it is the one door: what a model made enters here like anything
// else. Pictures are proved by decoding, sounds followed to their end, and both stored without
// place and serial numbers;
// submitting freezes exactly what the person saw, with origins and the AI declaration as
// the server knows them, whatever the client says.
package intake

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"loam"
	"loam/internal/media"
)

// Store is what intake reads and writes.
type Store interface {
	Work(ctx context.Context, owner, id string) (loam.Work, error)
	Asset(ctx context.Context, owner, id string) (loam.Asset, error)
	CreateAsset(ctx context.Context, a loam.Asset) (loam.Asset, error)
	Submit(ctx context.Context, s loam.Submission) (loam.Version, error)
	Generated(ctx context.Context, account string, limit int) ([]loam.Generation, error)
	SubmitText(ctx context.Context, key string, s loam.Submission) (loam.Version, error)
	LabelRuling(ctx context.Context, owner, source string) (r loam.LabelRuling, ruled bool, err error)
	RecentComments(ctx context.Context, account, except string, since int64, limit int) ([]string, error)
}

// Blobs keeps bytes by hash.
type Blobs interface {
	Put(data []byte) (string, error)
}

// Desk is the intake stage. Its functions are the studio's and the renderer's: intake
// knows neither.
type Desk struct {
	Store Store
	Blobs Blobs
	// Draw draws a page, as PNG or JPEG; a photo shown as it is is not drawn.
	Draw func(ctx context.Context, d loam.Drawing) ([]byte, error)
	// Unfit counts what must be mended before a draft can go out.
	Unfit func(d loam.Draft) int
	// TextAI is what the law makes of a draft's origins and its creator's declaration.
	TextAI func(d loam.Draft, declared bool) loam.AIState
	// PageAI gives the same of each drawn page, given the account's model texts; what it gives
	// is called from several goroutines.
	PageAI func(d loam.Draft, generated []loam.Generation) func(loam.Page) loam.AIState
	// Gate runs what decodes a picture when there is room for one more in memory, or gives
	// the context's error.
	Gate func(ctx context.Context, decode func() error) error
	// Trace gives the origins of words an account wrote by themselves.
	Trace func(ctx context.Context, owner, words string) ([]loam.Run, error)
	// Read reads the words in a picture, to see a visible mark by; nil where nothing can.
	Read func(ctx context.Context, data []byte) (string, error)
	// Keep gives what to keep of a picture's Content Credentials while it is whole, nil for
	// nothing; a nil Keep keeps none.
	Keep func(data []byte) ([]byte, error)
	// Suspect names the parts of a note in which a protected voice, likeness or the like of somebody
	// else was found; nil suspects nothing.
	Suspect func(ctx context.Context, owner string, c loam.Content) ([]string, error)
	// Cue is the error for which no audible label can be written here; nil where one can.
	Cue func() error
	// Producer reports whether labels can be written here.
	Producer bool
	Clock    loam.Clock
}

// Accept takes one picture or sound in for its owner. Bytes that are neither, lie about
// themselves or are too large are refused; nothing of them is kept.
func (d *Desk) Accept(ctx context.Context, owner string, data []byte) (loam.Asset, error) {
	if media.IsSound(data) {
		return d.acceptSound(ctx, owner, data)
	}
	var p media.Picture
	err := d.Gate(ctx, func() (err error) {
		p, err = media.Clean(data)
		return err
	})
	if err != nil {
		return loam.Asset{}, err
	}
	ai, signs, err := d.signs(ctx, p)
	if err != nil {
		return loam.Asset{}, err
	}
	credentials, err := d.credentials(data)
	if err != nil {
		return loam.Asset{}, err
	}
	hash, err := d.Blobs.Put(p.Data)
	if err != nil {
		return loam.Asset{}, err
	}
	return d.Store.CreateAsset(ctx, loam.Asset{
		Owner: owner, Hash: hash, Type: string(p.Type), Size: int64(len(p.Data)), Width: p.Width, Height: p.Height,
		PHash: p.PDQ.String(), AI: ai, Signs: signs, Credentials: credentials,
	})
}

// credentials stores what is kept of a picture's Content Credentials and gives its hash.
func (d *Desk) credentials(data []byte) (string, error) {
	if d.Keep == nil {
		return "", nil
	}
	kept, err := d.Keep(data)
	if err != nil || kept == nil {
		return "", err
	}
	return d.Blobs.Put(kept)
}

// Show keeps a clean copy of a picture that is nobody's asset: evidence, to be looked at by
// who judges it. What it gives is not on record yet.
func (d *Desk) Show(ctx context.Context, data []byte) (loam.Asset, error) {
	var p media.Picture
	err := d.Gate(ctx, func() (err error) {
		p, err = media.Clean(data)
		return err
	})
	if err != nil {
		return loam.Asset{}, err
	}
	hash, err := d.Blobs.Put(p.Data)
	return loam.Asset{Hash: hash, Type: string(p.Type), Size: int64(len(p.Data)), Width: p.Width, Height: p.Height, PHash: p.PDQ.String()}, err
}

// signs are what says that a picture is or may be AI: its metadata, else a visible mark that
// can be read on it (Labelling Measures Art. 6 (1) and (3)).
func (d *Desk) signs(ctx context.Context, p media.Picture) (loam.AIState, []loam.Sign, error) {
	signs := signsOf(p.Marks)
	if p.AI != loam.NotAI || d.Read == nil {
		return p.AI, signs, nil
	}
	words, err := d.Read(ctx, p.Data)
	if err != nil {
		return p.AI, nil, err
	}
	if mark := visibleMark.FindString(words); mark != "" {
		return loam.SuspectedAI, []loam.Sign{{Kind: "visible", State: loam.SuspectedAI, Place: "picture", Says: mark}}, nil
	}
	return p.AI, signs, nil
}

// signsOf are the marks of a file as reasons for its state.
func signsOf(marks []media.Found) []loam.Sign {
	var signs []loam.Sign
	for _, m := range marks {
		sign := loam.Sign{Kind: m.Kind, State: m.State, Place: m.Place, Says: m.Raw}
		if m.Kind == media.KindImplicit {
			sign.Says, sign.Raw = m.Mark.ContentProducer, m.Raw[:min(len(m.Raw), loam.SignRaw)]
			for _, defect := range m.Defects {
				sign.Defects = append(sign.Defects, defect.Code)
			}
		}
		sign.Says = sign.Says[:min(len(sign.Says), 200)]
		signs = append(signs, sign)
	}
	return signs
}

// visibleMark is a line with both elements of a visible label, in either order, and little
// beside them (GB 45438-2025, 5.2): longer lines speak of AI, they do not label.
var visibleMark = regexp.MustCompile(`(?mi)^[^\n]{0,6}(?:(?:人工智能|\bAI)[^\n]{0,4}(?:生成|合成)|(?:生成|合成)[^\n]{0,4}(?:人工智能|AI\b))[^\n]{0,6}$`)

// Submit freezes a draft as a version: its pages drawn, its pictures by hash. A draft out
// of limits, empty or changed meanwhile is refused with what to do.
func (d *Desk) Submit(ctx context.Context, owner, work string, c loam.Choice) (loam.Version, error) {
	w, err := d.Store.Work(ctx, owner, work)
	if err != nil {
		return loam.Version{}, err
	}
	draft := w.Draft
	switch {
	case w.Revision != c.Revision:
		return loam.Version{}, loam.Fail(loam.Conflict, "draft.changed")
	case strings.TrimSpace(loam.Plain(draft.Title)) == "" || strings.TrimSpace(loam.Plain(draft.Body)) == "" || len(draft.Pages) == 0:
		return loam.Version{}, loam.Fail(loam.Invalid, "draft.empty")
	}
	if n := d.Unfit(draft); n > 0 {
		return loam.Version{}, loam.Fail(loam.Invalid, "draft.limits", n)
	}
	for u := range c.Uses {
		if !slices.Contains(loam.Uses(), u) {
			return loam.Version{}, loam.Fail(loam.Invalid, "use.unknown", u)
		}
	}
	if !slices.Contains([]loam.Audience{loam.Public, loam.Unlisted, loam.OnlyMe}, c.Audience) {
		return loam.Version{}, loam.Fail(loam.Invalid, "audience.unknown", c.Audience)
	}
	if c.Scheduled != 0 {
		if wait := c.Scheduled - d.Clock.Now(); wait < loam.ScheduleMin || wait > loam.ScheduleMax {
			return loam.Version{}, loam.Fail(loam.Invalid, "schedule.out_of_range")
		}
	}
	s, err := d.freeze(ctx, w, c)
	if err != nil {
		return loam.Version{}, err
	}
	if s.Content.AI() != loam.NotAI && !d.Producer {
		return loam.Version{}, loam.Fail(loam.Conflict, "label.producer_missing")
	}
	return d.Store.Submit(ctx, s)
}

func (d *Desk) freeze(ctx context.Context, w loam.Work, c loam.Choice) (loam.Submission, error) {
	draft := w.Draft
	alts, err := d.Trace(ctx, w.Owner, altsOf(draft))
	if err != nil {
		return loam.Submission{}, err
	}
	described := d.TextAI(loam.Draft{Body: alts}, false) // what pictures are called is read out with the note
	content := loam.Content{
		Work: w.ID, Kind: draft.Kind, Title: loam.Plain(draft.Title), Body: loam.Plain(draft.Body), Tags: draft.Tags,
		Pages: draft.Pages, Style: draft.Style, Brand: draft.Brand, Writer: draft.Writer, Share: loam.ShareOf(draft.Title, draft.Body),
		Uses: everyUse(c.Uses), Audience: c.Audience, Scheduled: c.Scheduled,
	}
	s := loam.Submission{Owner: w.Owner, Revision: c.Revision}
	words, err := d.ruled(ctx, w.Owner, digest(content.Markdown()), d.TextAI(draft, false))
	if err != nil {
		return s, err
	}
	words = words.Stronger(described) // no ruling on the note's words is about these
	locked := words == loam.IsAI
	content.Declaration = loam.Declaration{AI: c.AI || locked, Locked: locked, Sponsorship: c.Sponsorship}
	if content.TextAI = words; c.AI {
		content.TextAI = words.Stronger(loam.MayAI)
	}
	assets, blobs, err := d.pictures(ctx, w, c.AI)
	if err != nil {
		return s, err
	}
	content.Assets, s.Blobs = assets, blobs
	if content.Sound, err = d.sound(ctx, w, c.AI); err != nil {
		return s, err
	}
	s.Content = content
	return s, d.suspect(ctx, w.Owner, &s.Content)
}

// ruled is the state of bytes, or what a reviewer ruled on an appeal of exactly these bytes:
// the one thing that lowers a state.
func (d *Desk) ruled(ctx context.Context, owner, source string, state loam.AIState) (loam.AIState, error) {
	if state == loam.NotAI {
		return state, nil
	}
	r, ruled, err := d.Store.LabelRuling(ctx, owner, source)
	if ruled {
		state = r.Lowers(state)
	}
	return state, err
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// everyUse says yes or no to every use, so that a version's hash covers each answer.
func everyUse(chosen map[loam.Use]bool) map[loam.Use]bool {
	out := make(map[loam.Use]bool, len(loam.Uses()))
	for _, u := range loam.Uses() {
		out[u] = chosen[u]
	}
	return out
}

// pictures draws every page, two at a time, and looks up the photos.
func (d *Desk) pictures(ctx context.Context, w loam.Work, declared bool) ([]loam.AssetRef, []loam.Asset, error) {
	generated, err := d.Store.Generated(ctx, w.Owner, loam.Recalled)
	if err != nil {
		return nil, nil, err
	}
	pages, pageAI := w.Draft.Pages, d.PageAI(w.Draft, generated)
	refs, blobs := make([]loam.AssetRef, len(pages)), make([]loam.Asset, len(pages))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for i, p := range pages {
		g.Go(func() error {
			photos, err := d.photos(ctx, w.Owner, p)
			if err != nil {
				return err
			}
			a, err := d.page(ctx, w.Draft, i, photos)
			if err != nil {
				return err
			}
			ai, shows := a.AI, []string(nil)
			if p.Drawn() {
				ai = pageAI(p)
				for _, photo := range photos {
					ai, shows = ai.Stronger(photo.AI), append(shows, photo.Hash)
				}
			}
			if ai, err = d.ruled(ctx, w.Owner, a.Hash, ai); err != nil {
				return err
			}
			if declared {
				ai = ai.Stronger(loam.MayAI)
			}
			blobs[i] = a
			refs[i] = loam.AssetRef{
				Field: loam.PictureField(i + 1), Hash: a.Hash, Type: a.Type, Width: a.Width, Height: a.Height,
				Alt: altOf(w.Draft, p), AI: ai, Shows: shows,
			}
			return nil
		})
	}
	return refs, blobs, g.Wait()
}

// photos are the owner's own pictures that a page shows.
func (d *Desk) photos(ctx context.Context, owner string, p loam.Page) ([]loam.Asset, error) {
	var out []loam.Asset
	for _, id := range p.Assets() {
		a, err := d.Store.Asset(ctx, owner, id)
		if err == nil && a.Audio() {
			err = loam.Fail(loam.Invalid, "picture.type")
		}
		if err != nil {
			return nil, err
		}
		if a.AI, err = d.ruled(ctx, owner, a.Hash, a.AI); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// page is the bytes of page n: the photo itself, or what is drawn.
func (d *Desk) page(ctx context.Context, draft loam.Draft, n int, photos []loam.Asset) (loam.Asset, error) {
	p := draft.Pages[n]
	if !p.Drawn() {
		return photos[0], nil
	}
	data, err := d.Draw(ctx, loam.Drawing{Style: draft.Style, Brand: draft.Brand, Page: p, Index: n, Total: len(draft.Pages), Photos: photos})
	if err != nil {
		return loam.Asset{}, err
	}
	head, err := media.Head(data)
	if err != nil {
		return loam.Asset{}, err
	}
	hash, err := d.Blobs.Put(data)
	return loam.Asset{Hash: hash, Type: string(head.Type), Size: int64(len(data)), Width: head.Width, Height: head.Height, AI: loam.NotAI}, err
}

// altsOf are the creator's descriptions of the photos that the pages show, and what she calls the
// sound.
func altsOf(d loam.Draft) string {
	var out []string
	for _, p := range d.Pages {
		for _, id := range p.Assets() {
			for _, s := range d.Pictures {
				if s.Asset == id && s.Alt != "" {
					out = append(out, s.Alt)
				}
			}
		}
	}
	if d.Sound != nil && d.Sound.Name != "" {
		out = append(out, d.Sound.Name)
	}
	return strings.Join(out, "\n")
}

// altOf is what a picture says to who cannot see it: the words of a drawn page, and the
// creator's description of every photo on it.
func altOf(d loam.Draft, p loam.Page) string {
	var parts []string
	if p.Drawn() {
		rows := p.Rows
		if p.Rows = nil; len(rows) > 0 {
			for _, row := range rows {
				p.Lines = append(p.Lines[:len(p.Lines):len(p.Lines)], strings.TrimSpace(strings.Join(row, " ")))
			}
		}
		parts = p.Words()
	}
	for _, asset := range p.Assets() {
		if k := slices.IndexFunc(d.Pictures, func(f loam.Picture) bool { return f.Asset == asset && f.Alt != "" }); k >= 0 {
			parts = append(parts, d.Pictures[k].Alt)
		}
	}
	if len(parts) == 0 {
		return p.Title
	}
	return strings.Join(parts, " · ")
}
