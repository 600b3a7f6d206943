package c2pa

import (
	"bytes"
	"crypto"
	"errors"
	"strings"

	"loam/internal/media"
)

// bind checks that the file is the one the manifest was made for.
func (in *inspection) bind(m *manifest) error {
	if m.claimBox == nil {
		return nil
	}
	if m.box.kind == typeUpdate { // speaks of the metadata only; its parent has the binding
		m = in.updated(m, 0)
		if m == nil {
			in.fail(codeUpdateParents, in.active.url)
			return nil
		}
	}
	switch len(m.bindings) {
	case 0:
		in.fail(codeBindingMissing, m.url)
		return nil
	case 1:
	default:
		in.fail(codeBindingMultiple, m.url)
		return nil
	}
	box := m.bindings[0]
	url := m.assertion(box.label)
	switch {
	case box.label == labelHash:
		return in.bindData(m, box, url)
	case strings.HasPrefix(box.label, "c2pa.hash.bmff"):
		return in.bindBoxes(m, box, url)
	}
	in.add(LevelFailure, codeGeneral, url, "this kind of binding is not read")
	return nil
}

// updated is the manifest that an update manifest updates, through others if need be.
func (in *inspection) updated(m *manifest, depth int) *manifest {
	if m.box.kind != typeUpdate {
		if len(m.bindings) == 0 {
			silent := &inspection{modes: in.modes, redacted: in.redacted}
			silent.checkAssertions(m)
		}
		return m
	}
	if len(m.ingredients) != 1 || m.ingredients[0].Relationship != "parentOf" || depth > maxDepth {
		return nil
	}
	link := m.ingredients[0].manifest()
	if link == nil {
		return nil
	}
	parent := in.all[strings.TrimPrefix(link.URL, "self#jumbf=/c2pa/")]
	if parent == nil || parent == m {
		return nil
	}
	if parent.box.kind == typeUpdate && parent.ingredients == nil {
		silent := &inspection{modes: in.modes, redacted: in.redacted}
		silent.checkAssertions(parent)
	}
	return in.updated(parent, depth+1)
}

func (in *inspection) bindData(m *manifest, box *superbox, url string) error {
	var f dataHashForm
	h, ok := crypto.Hash(0), false
	if in.dec.Unmarshal(box.content, &f) == nil {
		h, ok = digest(algName(f.Alg, m.claim.Alg))
	}
	if !ok || len(f.Hash) == 0 {
		in.fail(codeDataMalformed, url)
		return nil
	}
	var without []media.Span
	for _, x := range f.Exclusions {
		if x.Start < 0 || x.Length < 0 || x.Length > in.src.Size()-x.Start {
			in.fail(codeDataMalformed, url)
			return nil
		}
		without = append(without, media.Span{From: x.Start, To: x.Start + x.Length})
	}
	got, err := hashAround(h, in.src, without)
	switch {
	case errors.Is(err, errExclusion):
		in.fail(codeDataMalformed, url)
		return nil
	case err != nil:
		return err
	case !bytes.Equal(got, f.Hash):
		in.fail(codeDataWrong, url)
		return nil
	}
	in.ok(codeDataMatch, url)
	if !in.within(without) {
		in.add(LevelInfo, codeDataMore, url, "")
	}
	return nil
}

// within reports whether what is left out of the digest is the manifest store and no more.
func (in *inspection) within(without []media.Span) bool {
	for _, x := range without {
		covered := false
		for _, s := range in.held.Spans {
			covered = covered || x.From >= s.From && x.To <= s.To
		}
		if !covered && x.From < x.To {
			return false
		}
	}
	return true
}

func algName(own, claim string) string {
	if own != "" {
		return own
	}
	return claim
}

// Limits of the exclusions of a file of boxes: each costs work at each box it names.
const (
	maxExclusions = 64
	maxBoxData    = 4
	maxBoxValue   = 256
)

func (in *inspection) bindBoxes(m *manifest, box *superbox, url string) error {
	var f bmffHashForm
	h, ok := crypto.Hash(0), false
	if in.dec.Unmarshal(box.content, &f) == nil && len(f.Exclusions) <= maxExclusions {
		h, ok = digest(algName(f.Alg, m.claim.Alg))
	}
	for _, x := range f.Exclusions {
		ok = ok && len(x.Data) <= maxBoxData && len(x.Subset) <= maxExclusions
		for _, d := range x.Data {
			ok = ok && len(d.Value) <= maxBoxValue
		}
	}
	switch {
	case !ok:
		in.fail(codeBMFFMalformed, url)
		return nil
	case len(f.Merkle) > 0 || len(f.Hash) == 0:
		in.add(LevelFailure, codeGeneral, url, "a Merkle tree of a file of boxes is not read")
		return nil
	}
	got, err := hashBoxes(h, in.src, f.Exclusions, box.label != "c2pa.hash.bmff")
	switch {
	case errors.Is(err, errExclusion):
		in.fail(codeBMFFMalformed, url)
	case err != nil && !media.Broken(err):
		return err
	case err != nil || !bytes.Equal(got, f.Hash): // a file whose boxes cannot be followed is another one
		in.fail(codeBMFFWrong, url)
	default:
		in.ok(codeBMFFMatch, url)
	}
	return nil
}
