package label

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"loam"
	"loam/internal/c2pa"
	"loam/internal/media"
	"loam/internal/render"
)

// Store is what labelling reads and writes.
type Store interface {
	Version(ctx context.Context, id string) (loam.Version, error)
	Asset(ctx context.Context, owner, id string) (loam.Asset, error)
	// Delivered reports whether a file of a version was handed out without its visible label.
	Delivered(ctx context.Context, version, digest string) (bool, error)
	PutLabels(ctx context.Context, version string, labels []loam.Label, releaseHash string, blobs []loam.Asset) error
}

// Blobs keeps bytes by hash.
type Blobs interface {
	Read(hash string) ([]byte, error)
	Put(data []byte) (string, error)
}

// Labeller is the labelling stage. Notice gives the words readers see beside a note of a
// state; they are part of what a person confirms.
type Labeller struct {
	Store    Store
	Blobs    Blobs
	Draw     *render.Renderer
	Words    string        // of the visible label; "" is Words
	Corner   render.Corner // where it stands
	Producer string        // "" where none is configured: then only content without AI passes
	Unnamed  bool          // uploads without a label name no producer, and this installation as propagator only
	Notice   func(loam.AIState) string
	// Seal signs the integrity field of labels, an Ed25519 key; nil leaves it empty.
	Seal crypto.Signer
	// Gate runs what decodes a picture when there is room for one more in memory.
	Gate func(ctx context.Context, decode func() error) error
	// Signer signs the Content Credentials of pictures; nil writes none.
	Signer func() (c2pa.Signer, error)
	// Cue gives a sound with an audible label before it; nil where none can be written.
	Cue func(ctx context.Context, data []byte) ([]byte, error)
	// Terms is where anybody reads what a work's creator allows now; "" where there is no such
	// address, and then Content Credentials allow nothing.
	Terms func(work string) string
}

// TextField is the label of a note's words; picture.1 … are those of its pictures, loam.SoundField is
// that of its sound.
const TextField = "text"

// Apply labels everything in a version and records the release hash. Ids are made of the
// version's, so that a repeated job writes the same bytes.
func (l *Labeller) Apply(ctx context.Context, version string) error {
	v, err := l.Store.Version(ctx, version)
	if err != nil {
		return err
	}
	if v.Labelled || v.State == loam.Withdrawn {
		return nil
	}
	text, blobs, err := l.text(v)
	if err != nil {
		return err
	}
	labels := []loam.Label{text}
	for i, a := range v.Content.Assets {
		one, blob, err := l.picture(ctx, v, i, a)
		if err != nil {
			return err
		}
		labels = append(labels, one)
		blobs = append(blobs, blob...)
	}
	if s := v.Content.Sound; s != nil {
		one, blob, err := l.sound(ctx, v, *s)
		if err != nil {
			return err
		}
		labels, blobs = append(labels, one), append(blobs, blob...)
	}
	hash, err := loam.ReleaseHash(v.Hash, labels, l.Notice(v.Content.AI()), v.Content.Scheduled)
	if err != nil {
		return err
	}
	return l.Store.PutLabels(ctx, version, labels, hash, blobs)
}

// text labels a note's words as the Markdown file readers can take away.
func (l *Labeller) text(v loam.Version) (loam.Label, []loam.Asset, error) {
	source := []byte(v.Content.Markdown())
	return l.write(v, Options{}, loam.Label{Field: TextField, State: v.Content.TextAI}, source, "text/markdown", v.Content.TextAI == loam.IsAI)
}

func (l *Labeller) picture(ctx context.Context, v loam.Version, i int, a loam.AssetRef) (loam.Label, []loam.Asset, error) {
	data, err := l.Blobs.Read(a.Hash)
	if err != nil {
		return loam.Label{}, nil, err
	}
	// The visible mark of an upload is its producer's; ours stands on what was made here.
	drawn := i < len(v.Content.Pages) && v.Content.Pages[i].Drawn()
	made := drawn && a.AI == loam.IsAI
	source, origin := "", []byte(nil)
	if !drawn && a.AI != loam.NotAI {
		if source, origin, err = l.came(ctx, v, i); err != nil {
			return loam.Label{}, nil, err
		}
	}
	o, err := l.beside(v, a, made, source, origin)
	if err != nil {
		return loam.Label{}, nil, err
	}
	o.Unnamed = l.Unnamed && !drawn
	label, blobs, err := l.write(v, o, loam.Label{Field: a.Field, State: a.AI}, data, a.Type, made)
	for i := range blobs {
		blobs[i].Width, blobs[i].Height = a.Width, a.Height
	}
	return label, blobs, err
}

// came is what an upload's own file said of its source and its making, so that the copy without
// place and serial numbers says it too (Labelling Measures Art. 10).
func (l *Labeller) came(ctx context.Context, v loam.Version, page int) (source string, origin []byte, err error) {
	if page >= len(v.Content.Pages) || v.Content.Pages[page].Asset == "" {
		return "", nil, nil
	}
	return l.origin(ctx, v.Owner, v.Content.Pages[page].Asset)
}

// origin is the same of one upload.
func (l *Labeller) origin(ctx context.Context, owner, asset string) (source string, origin []byte, err error) {
	a, err := l.Store.Asset(ctx, owner, asset)
	if err != nil {
		return "", nil, err
	}
	for _, s := range a.Signs {
		if s.Kind == media.KindSource && source == "" && slices.Contains(media.SourceTerms(), s.Says) {
			source = s.Says
		}
	}
	if a.Credentials != "" {
		origin, err = l.Blobs.Read(a.Credentials)
	}
	return source, origin, err
}

// beside is what a picture carries beside its label: Content Credentials and the IPTC digital
// source type: ours where it was made here, else those it came with.
func (l *Labeller) beside(v loam.Version, a loam.AssetRef, made bool, source string, origin []byte) (Options, error) {
	o := Options{Source: source}
	if made {
		o.Source = composed
	}
	if l.Signer == nil || a.AI == loam.NotAI {
		return o, nil
	}
	signer, err := l.Signer()
	c := claim(v, a, made)
	if l.Terms != nil {
		c.TrainingMining = mining(v.Content.Uses, l.Terms(v.Work))
	}
	c.Origin = origin
	o.Manifest = &Manifest{Signer: signer, Claim: c}
	return o, err
}

// Unmarked is one file of a labelled version without the visible label that stands in it, and
// with every other mark: the same implicit label, and of a picture Content Credentials and source
// type (Labelling Measures Art. 9). A field without a visible label is NotFound,
// "waiver.nothing".
func (l *Labeller) Unmarked(ctx context.Context, v loam.Version, field string) ([]byte, loam.Label, error) {
	for _, label := range v.Labels {
		if label.Field != field || label.Visible == "" {
			continue
		}
		b, err := l.unmarked(ctx, v, label)
		return b, label, err
	}
	return nil, loam.Label{}, loam.Fail(loam.NotFound, "waiver.nothing")
}

func (l *Labeller) unmarked(ctx context.Context, v loam.Version, label loam.Label) ([]byte, error) {
	data, o := []byte(v.Content.Markdown()), Options{}
	if label.Field == loam.SoundField {
		var err error
		if data, err = l.Blobs.Read(label.Source); err != nil {
			return nil, err
		}
		if o, err = l.soundOptions(ctx, v, *v.Content.Sound); err != nil {
			return nil, err
		}
	}
	if i := slices.IndexFunc(v.Content.Assets, func(a loam.AssetRef) bool { return a.Field == label.Field }); i >= 0 {
		var err error
		if data, err = l.Blobs.Read(label.Source); err != nil {
			return nil, err
		}
		if o, err = l.beside(v, v.Content.Assets[i], true, "", nil); err != nil { // a visible label of ours stands on what was made here
			return nil, err
		}
	}
	e, err := media.Plan(bytes.NewReader(data), label.Mark, o.writing(bytes.NewReader(data))...)
	if err != nil {
		return nil, err
	}
	out, err := e.Bytes()
	if err == nil {
		out, err = o.credentials(out)
	}
	if err != nil {
		return nil, err
	}
	return out, verify(data, out, label.Mark)
}

// write labels one file, or passes it on as it is where nothing is known of AI.
func (l *Labeller) write(v loam.Version, o Options, label loam.Label, data []byte, typ string, visible bool) (loam.Label, []loam.Asset, error) {
	label.Source = digest(data)
	out := data
	if label.State != loam.NotAI {
		o.State, o.Producer, o.ContentID, o.Seal = label.State, l.Producer, v.ID+"."+label.Field, l.Seal
		o.Type = media.Type(typ)
		if l.Producer == "" {
			return label, nil, loam.Fail(loam.Invalid, "label.producer_missing")
		}
		if visible {
			o.Draw, o.Words, o.Corner, label.Visible = l.Draw, l.Words, l.Corner, cmp.Or(l.Words, Words)
		}
		var err error
		out, label.Mark, err = File(data, o)
		if loam.CodeOf(err) == "label.unclear" && !visible {
			// An upload whose own label cannot be rewritten strictly goes out with that label as
			// it stands: it says AI in the file, the notice says so beside it, and Loam neither
			// repairs nor removes what another producer wrote (Labelling Measures Art. 10).
			out, label.Mark, err = data, loam.Mark{}, nil
		}
		if err != nil {
			return label, nil, err
		}
	}
	hash, err := l.Blobs.Put(out)
	label.Result = hash
	return label, []loam.Asset{{Hash: hash, Type: typ, Size: int64(len(out))}}, err
}

// composed is the IPTC digital source type of a page drawn here that holds a model's work.
const composed = "compositeWithTrainedAlgorithmicMedia"

// program is what signs, as Content Credentials name it.
const program = "Loam"

// claim is what the Content Credentials of a picture say. One that was made here says by
// what, and that it holds a model's work; one that came in labelled was opened and published.
func claim(v loam.Version, a loam.AssetRef, made bool) c2pa.Claim {
	agent := c2pa.Agent{Name: program}
	c := c2pa.Claim{Generator: agent, Title: v.ID + "." + a.Field, Agent: agent}
	if !made {
		c.Then = []c2pa.Action{{Action: c2pa.ActionPublished, Agent: agent}}
		return c
	}
	c.Created, c.SourceType = true, c2pa.SourceComposite
	if v.Content.Share.Model > 0 && v.Content.Writer != "offline" {
		c.AI = &c2pa.Disclosure{ModelName: v.Content.Writer}
	}
	return c
}

// mining is what Content Credentials say of learning from a picture. A file cannot be called
// back when its creator takes her word back, so a use she allows is constrained: to what she
// allows where terms are read. Whoever does not read them must take that for a no (CAWG Training
// and Data Mining 1.1), and so must everybody for a use that is not named.
func mining(uses map[loam.Use]bool, terms string) map[string]c2pa.Use {
	if terms == "" {
		return nil
	}
	ask := c2pa.Use{Use: c2pa.Constrained, Constraints: "only while allowed at " + terms}
	out := map[string]c2pa.Use{}
	if uses[loam.UseRetrieve] {
		out[c2pa.UseInference] = ask
	}
	if uses[loam.UseTrainImage] {
		out[c2pa.UseTraining], out[c2pa.UseGenerative] = ask, ask
	}
	return out
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
