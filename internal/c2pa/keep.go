package c2pa

import (
	"crypto"
	"slices"
	"strings"
	"time"

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
	if loam.KindOf(err) == loam.Invalid || err == nil && !plain(store) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return m.enc.Marshal(o)
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

// plainAssertions are what a manifest may say and still be handed on unread: what was done, by
// which program, from what, what may be learned from it, and the digests that bind it.
var plainAssertions = []string{
	"c2pa.actions", "c2pa.hash.", "c2pa.ingredient", "c2pa.training-mining", "cawg.training-mining", "c2pa.ai-disclosure", "c2pa.thumbnail.claim",
}

// plain reports whether every assertion of a store's manifests is of that kind.
func plain(store *superbox) bool {
	for _, m := range store.boxes {
		list := m.child(labelAssertions)
		if list == nil {
			return false
		}
		for _, a := range list.boxes {
			if !slices.ContainsFunc(plainAssertions, func(p string) bool { return strings.HasPrefix(a.label, p) }) {
				return false
			}
		}
	}
	return true
}
