package c2pa

import (
	"bytes"
	"crypto"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/fxamacker/cbor/v2"

	"loam"
	"loam/internal/media"
)

// maxKept bounds the manifests that are kept of a file that was taken in, in bytes.
const maxKept = 1 << 20

// origin is a file that another is made from, and its manifests without their outer box.
type origin struct {
	Form      ingredientForm `cbor:"form"`
	Manifests []byte         `cbor:"manifests"`
}

// Keep gives what to keep of a file's Content Credentials when the file itself will not be
// kept: what was found out about them while the file was whole, and the manifests, for
// Claim.Origin of what is made from it. Nothing is kept of a file without any, of manifests that
// are broken or longer than 1 MiB, and of such as tell more than how the file was made: a
// manifest cannot be shortened, and a camera writes into it where it was.
func Keep(src media.Source, trust *Trust, now time.Time) ([]byte, error) {
	held, err := media.Manifest(src)
	if kind := loam.KindOf(err); kind == loam.Invalid || kind == loam.TooLarge {
		return nil, nil
	}
	if err != nil || len(held.Bytes) == 0 || len(held.Bytes) > maxKept {
		return nil, err
	}
	m, err := newModes()
	if err != nil {
		return nil, err
	}
	o, store, err := m.originOf(src, held, trust, now)
	if loam.KindOf(err) == loam.Invalid || err == nil && !m.plain(store) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	kept, err := m.enc.Marshal(o)
	if err == nil && m.dec.Unmarshal(kept, new(origin)) != nil {
		return nil, nil //nolint:nilerr // a name that is no text: what is made of the file could not be signed
	}
	return kept, err
}

// originOf judges the manifests a file has.
func (m modes) originOf(src media.Source, held *media.ManifestStore, trust *Trust, now time.Time) (*origin, *superbox, error) {
	store, err := parseStore(held.Bytes)
	if err != nil {
		return nil, nil, loam.Fail(loam.Invalid, "media.broken").Because(err)
	}
	in := &inspection{modes: m, src: src, held: held, trust: trust, now: now, store: store}
	if err := in.run(); err != nil {
		return nil, nil, err
	}
	active := in.active
	if active == nil || active.signature == nil {
		return nil, nil, loam.Fail(loam.Invalid, "media.broken").Because(errMalformed("no signed manifest"))
	}
	_, _, rest, err := nextBox(store.body)
	if err != nil {
		return nil, nil, err
	}
	url := "self#jumbf=/c2pa/" + active.box.label
	return &origin{Manifests: rest, Form: ingredientForm{
		Relationship: "parentOf", Format: string(held.Type), Title: active.claim.Title, InstanceID: active.claim.InstanceID, Results: in.results(),
		Manifest:  &hashedURI{url, "sha256", sum(crypto.SHA256, active.box.body)},
		Signature: &hashedURI{url + "/" + labelSignature, "sha256", sum(crypto.SHA256, active.signature.body)},
	}}, store, nil
}

// plainAssertions are what a manifest may say and still be handed on: what it was made from,
// what may be learned from it, and the digests that bind it. What a label begins with stands
// before a version or a number.
var plainAssertions = regexp.MustCompile(
	`^(c2pa\.hash\.(data|bmff|boxes)|c2pa\.ingredient|c2pa\.training-mining|cawg\.training-mining|c2pa\.ai-disclosure)(\.v\d+)?(__\d+)?$`)

var actionsAssertion = regexp.MustCompile(`^c2pa\.actions(\.v\d+)?(__\d+)?$`)

// plainBoxes are the boxes every manifest has; credentials of persons and other data stand beside
// them.
var plainBoxes = []string{labelAssertions, "c2pa.claim", labelClaim, labelSignature}

// plain reports whether a store's manifests say no more than how the file was made, as far as
// that can be told: the names of the file, of its programs and of its signers stand in each.
func (m modes) plain(store *superbox) bool {
	for _, one := range store.boxes {
		for _, b := range one.boxes {
			if !slices.Contains(plainBoxes, b.label) {
				return false
			}
		}
		list := one.child(labelAssertions)
		if list == nil || m.titled(one) {
			return false
		}
		for _, a := range list.boxes {
			if !m.plainAssertion(a) {
				return false
			}
		}
	}
	return true
}

// titled reports whether a manifest names its file or one it was made from: people name files by
// whom and what they show.
func (m modes) titled(one *superbox) bool {
	var claim struct {
		Title string `cbor:"dc:title"`
	}
	for _, b := range one.boxes {
		if strings.HasPrefix(b.label, "c2pa.claim") && (m.dec.Unmarshal(b.content, &claim) != nil || claim.Title != "") {
			return true
		}
	}
	for _, a := range one.child(labelAssertions).boxes {
		if strings.HasPrefix(a.label, "c2pa.ingredient") && (m.dec.Unmarshal(a.content, &claim) != nil || claim.Title != "") {
			return true
		}
	}
	return false
}

func (m modes) plainAssertion(a *superbox) bool {
	switch {
	case actionsAssertion.MatchString(a.label):
		return m.plainActions(a.content)
	case strings.HasPrefix(a.label, "c2pa.thumbnail.claim"):
		return !slices.ContainsFunc(pictureNotes, func(note string) bool { return bytes.Contains(a.body, []byte(note)) })
	}
	return plainAssertions.MatchString(a.label)
}

// pictureNotes begin what a small picture may say of where it was taken.
var pictureNotes = []string{"Exif", "EXIF", "eXIf", "ns.adobe.com", "adobe:ns:meta", "Photoshop"}

// plainActions reports whether actions say what was done, when, by which program and to what.
// Their parameters may hold anything, a place too.
func (m modes) plainActions(b []byte) bool {
	strict, err := cbor.DecOptions{ExtraReturnErrors: cbor.ExtraDecErrorUnknownField, MaxNestedLevels: 16}.DecMode()
	if err != nil {
		return false
	}
	var form struct {
		Actions []struct {
			actionForm
			When       cbor.RawMessage `cbor:"when"`
			InstanceID string          `cbor:"instanceID"`
		} `cbor:"actions"`
		All bool `cbor:"allActionsIncluded"`
	}
	if strict.Unmarshal(b, &form) != nil {
		return false
	}
	for _, a := range form.Actions {
		var agent Agent
		var name string
		if len(a.Agent) > 0 && strict.Unmarshal(a.Agent, &agent) != nil && strict.Unmarshal(a.Agent, &name) != nil {
			return false
		}
	}
	return true
}
