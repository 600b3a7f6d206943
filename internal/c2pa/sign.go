package c2pa

import (
	"crypto"
	"crypto/sha256"
	"slices"

	"github.com/fxamacker/cbor/v2"

	"loam"
	"loam/internal/media"
)

// Sign plans the file with a manifest that says the claim. A manifest the file has already is
// kept: the new one names it as its parent, with what was found out about it. Write everything
// else into the file first: whatever changes afterwards breaks the signature.
//
// Errors are Invalid: "manifest.container" for a file that cannot carry one, "media.broken",
// "manifest.claim" for a claim that cannot be made, "manifest.key".
func Sign(src media.Source, claim Claim, s Signer) (*media.Edit, error) {
	if err := claim.check(); err != nil {
		return nil, err
	}
	held, err := media.Manifest(src)
	if err != nil {
		return nil, err
	}
	m, err := newModes()
	if err != nil {
		return nil, err
	}
	d := &draft{modes: m, claim: claim, signer: s, held: held}
	if err := d.begin(src); err != nil {
		return nil, err
	}
	return d.finish()
}

// check is what C2PA 2.2, 18.15 and CAWG ask of a claim.
func (c *Claim) check() error {
	bad := func(why string) error { return loam.Fail(loam.Invalid, "manifest.claim", why) }
	switch {
	case c.Generator.Name == "":
		return bad("generator")
	case c.Created && c.SourceType == "":
		return bad("digitalSourceType")
	}
	for _, a := range c.Then {
		if a.Action == ActionCreated || a.Action == ActionOpened || a.Action == "" {
			return bad("actions")
		}
	}
	for use, u := range c.TrainingMining {
		if !slices.Contains(Uses(), use) || u.Use != Allowed && u.Use != NotAllowed && u.Use != Constrained {
			return bad("training-mining")
		}
	}
	return nil
}

// draft is a manifest store that is being made. Its size stands before its content does: what
// depends on the finished file is written over, byte for byte as long.
type draft struct {
	modes
	claim     Claim
	signer    Signer
	held      *media.ManifestStore
	w         writer
	label     string // of the new manifest
	links     []hashedURI
	alg       int64
	protected []byte

	binding, claimed, signed part
}

func (d *draft) url(part string) string { return "self#jumbf=/c2pa/" + d.label + "/" + part }

// begin lays the store out: the manifests there are, then the new one.
func (d *draft) begin(src media.Source) error {
	id, err := unique(d.signer.Rand)
	if err != nil {
		return err
	}
	d.label = "urn:c2pa:" + id
	if d.claim.InstanceID == "" {
		if id, err = unique(d.signer.Rand); err != nil {
			return err
		}
		d.claim.InstanceID = "xmp:iid:" + id
	}
	var size int
	if d.alg, size, err = algOf(d.signer.Key.Public()); err != nil {
		return err
	}
	if d.protected, err = d.modes.protected(d.alg, d.signer.Chain); err != nil {
		return err
	}
	d.w.b = make([]byte, 0, len(d.held.Bytes)+4096)
	store := d.w.super(typeStore, labelStore)
	parent, err := d.parent(src)
	if err != nil {
		return err
	}
	manifest := d.w.super(typeManifest, d.label)
	assertions := d.w.super(typeAssertions, labelAssertions)
	if err := d.assertions(parent); err != nil {
		return err
	}
	d.w.close(assertions)
	form, err := d.claimForm()
	if err != nil {
		return err
	}
	d.claimed = d.w.cbor(typeClaim, labelClaim, form)
	seal, err := d.sealed(d.protected, make([]byte, size))
	if err != nil {
		return err
	}
	d.signed = d.w.cbor(typeSignature, labelSignature, seal)
	d.w.close(manifest)
	d.w.close(store)
	return nil
}

// parent copies the manifests a file has and describes the file as an ingredient; nil if the
// file was created here and has none.
func (d *draft) parent(src media.Source) (*ingredientForm, error) {
	if d.held.Bytes == nil {
		return d.without()
	}
	o, _, err := d.originOf(src, d.held, d.signer.Trust, d.signer.Now)
	if err != nil {
		return nil, err
	}
	d.w.b = append(d.w.b, o.Manifests...)
	return &o.Form, nil
}

// without is the parent of a file that has no manifest: what was kept of one it had once.
func (d *draft) without() (*ingredientForm, error) {
	if d.claim.Created {
		return nil, nil
	}
	if d.claim.Origin == nil {
		return &ingredientForm{Relationship: "parentOf", Format: string(d.held.Type)}, nil
	}
	var o origin
	if err := d.dec.Unmarshal(d.claim.Origin, &o); err != nil {
		return nil, loam.Fail(loam.Invalid, "manifest.claim", "origin").Because(err)
	}
	d.w.b = append(d.w.b, o.Manifests...)
	return &o.Form, nil
}

// assertions writes what the claim says, the binding to the file last.
func (d *draft) assertions(parent *ingredientForm) error {
	first := actionForm{Action: ActionCreated, SourceType: d.claim.SourceType}
	if parent != nil {
		link, err := d.assert(labelIngredient, parent)
		if err != nil {
			return err
		}
		first = actionForm{Action: ActionOpened, Parameters: &parametersForm{Ingredients: []hashedURI{link}}}
	}
	if err := d.actions(first); err != nil {
		return err
	}
	if _, err := d.assert(labelTraining, d.training()); err != nil {
		return err
	}
	if a := d.claim.AI; a != nil {
		form := disclosureForm{ModelType: a.ModelType, ModelName: a.ModelName, ModelIdentifier: a.ModelIdentifier}
		if a.HumanOversight != "" {
			form.Profile = &profileForm{a.HumanOversight}
		}
		if _, err := d.assert(labelDisclosure, form); err != nil {
			return err
		}
	}
	label, form, err := d.bindingForm(media.Span{}, make([]byte, sha256.Size))
	if err != nil {
		return err
	}
	d.binding = d.w.cbor(typeCBOR, label, form)
	d.links = append(d.links, hashedURI{URL: assertionURL(label), Hash: make([]byte, sha256.Size)})
	return nil
}

func assertionURL(label string) string { return "self#jumbf=" + labelAssertions + "/" + label }

// assert writes an assertion and gives the link to it.
func (d *draft) assert(label string, v any) (hashedURI, error) {
	b, err := d.enc.Marshal(v)
	if err != nil {
		return hashedURI{}, err
	}
	p := d.w.cbor(typeCBOR, label, b)
	link := hashedURI{URL: assertionURL(label), Hash: sum(crypto.SHA256, d.w.b[p.box:p.to])}
	d.links = append(d.links, link)
	return link, nil
}

func (d *draft) actions(first actionForm) error {
	list := []actionForm{first}
	agents := []Agent{d.claim.Agent}
	for _, a := range d.claim.Then {
		list = append(list, actionForm{Action: a.Action, SourceType: a.SourceType})
		agents = append(agents, a.Agent)
	}
	for i, a := range agents {
		if a.Name == "" {
			continue
		}
		raw, err := d.enc.Marshal(a)
		if err != nil {
			return err
		}
		list[i].Agent = raw
	}
	_, err := d.assert(labelActions, actionsForm{list})
	return err
}

func (d *draft) training() trainingForm {
	t := trainingForm{map[string]useForm{}}
	for _, use := range Uses() {
		u, said := d.claim.TrainingMining[use]
		if !said {
			u.Use = NotAllowed
		}
		t.Entries[use] = useForm{Use: u.Use, Constraints: u.Constraints}
	}
	return t
}

// bindingForm is the assertion that holds the file's digest, as long for every hole.
func (d *draft) bindingForm(hole media.Span, hash []byte) (string, []byte, error) {
	if d.held.Type == media.MP4 {
		b, err := d.enc.Marshal(bmffHashForm{Exclusions: boxExclusions(), Alg: "sha256", Hash: hash, Name: "jumbf manifest"})
		return labelHashBMFF, b, err
	}
	x := exclusionForm{hole.From, hole.To - hole.From}
	pad := make([]byte, 16-intSize(x.Start)-intSize(x.Length))
	b, err := d.enc.Marshal(dataHashForm{Exclusions: []exclusionForm{x}, Name: "jumbf manifest", Alg: "sha256", Hash: hash, Pad: pad})
	return labelHash, b, err
}

// intSize is how many bytes CBOR needs for a number beside its first one.
func intSize(n int64) int {
	switch {
	case n < 24:
		return 0
	case n < 1<<8:
		return 1
	case n < 1<<16:
		return 2
	case n < 1<<32:
		return 4
	}
	return 8
}

// boxExclusions are the boxes that may change without breaking the binding: the manifest, and
// what C2PA 2.2, 18.6.2 leaves out beside it.
func boxExclusions() []boxExclusion {
	out := []boxExclusion{{Path: "/uuid", Data: []boxData{{8, []byte(media.ManifestUser)}}}}
	for _, path := range []string{"/ftyp", "/mfra", "/free", "/skip"} {
		out = append(out, boxExclusion{Path: path})
	}
	return out
}

func (d *draft) claimForm() ([]byte, error) {
	generator, err := d.enc.Marshal(d.claim.Generator)
	if err != nil {
		return nil, err
	}
	return d.enc.Marshal(claimForm{
		InstanceID: d.claim.InstanceID, Generator: cbor.RawMessage(generator), Signature: d.url(labelSignature),
		Created: d.links, Title: d.claim.Title, Alg: "sha256",
	})
}

// finish hashes the file around the store, signs, and puts the store in.
func (d *draft) finish() (*media.Edit, error) {
	e, hole, err := d.held.Put(d.w.b)
	if err != nil {
		return nil, err
	}
	var hash []byte
	if d.held.Type == media.MP4 {
		hash, err = hashBoxes(crypto.SHA256, e, boxExclusions(), true)
	} else {
		hash, err = hashAround(crypto.SHA256, e, []media.Span{hole})
	}
	if err != nil {
		return nil, err
	}
	_, form, err := d.bindingForm(hole, hash)
	if err != nil {
		return nil, err
	}
	d.over(d.binding, form)
	d.links[len(d.links)-1].Hash = sum(crypto.SHA256, d.w.b[d.binding.box:d.binding.to])
	claim, err := d.claimForm()
	if err != nil {
		return nil, err
	}
	d.over(d.claimed, claim)
	sig, err := d.signClaim(d.signer, d.alg, d.protected, claim)
	if err != nil {
		return nil, err
	}
	seal, err := d.sealed(d.protected, sig)
	if err != nil {
		return nil, err
	}
	d.over(d.signed, seal)
	e, _, err = d.held.Put(d.w.b)
	return e, err
}

// over writes what a part was kept free for.
func (d *draft) over(p part, b []byte) { copy(d.w.b[p.from:p.to], b) }
