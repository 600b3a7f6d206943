package c2pa

import (
	"bytes"
	"crypto"
	"strings"
	"time"

	"loam/internal/media"
)

// Codes of C2PA 2.2, 15.2 that are used here.
const (
	codeClaimMissing     = "claim.missing"
	codeClaimMultiple    = "claim.multiple"
	codeClaimCBOR        = "claim.cbor.invalid"
	codeClaimMalformed   = "claim.malformed"
	codeSignatureMissing = "claimSignature.missing"
	codeSignatureWrong   = "claimSignature.mismatch"
	codeSignatureRight   = "claimSignature.validated"
	codeInsideValidity   = "claimSignature.insideValidity"
	codeOutsideValidity  = "claimSignature.outsideValidity"
	codeTrusted          = "signingCredential.trusted"
	// CodeUntrusted is of a signer nobody here vouches for: the one failure a valid manifest has.
	CodeUntrusted        = "signingCredential.untrusted"
	codeCredentialWrong  = "signingCredential.invalid"
	codeCredentialOver   = "signingCredential.expired"
	codeAlgorithm        = "algorithm.unsupported"
	codeAssertionMatch   = "assertion.hashedURI.match"
	codeAssertionWrong   = "assertion.hashedURI.mismatch"
	codeAssertionMissing = "assertion.missing"
	codeAssertionOutside = "assertion.outsideManifest"
	codeUndeclared       = "assertion.undeclared"
	codeAssertionCBOR    = "assertion.cbor.invalid"
	codeActionMalformed  = "assertion.action.malformed"
	codeActionIngredient = "assertion.action.ingredientMismatch"
	codeBindingMissing   = "claim.hardBindings.missing"
	codeBindingMultiple  = "assertion.multipleHardBindings"
	codeDataMatch        = "assertion.dataHash.match"
	codeDataWrong        = "assertion.dataHash.mismatch"
	codeDataMalformed    = "assertion.dataHash.malformed"
	codeDataMore         = "assertion.dataHash.additionalExclusionsPresent"
	codeBMFFMatch        = "assertion.bmffHash.match"
	codeBMFFWrong        = "assertion.bmffHash.mismatch"
	codeBMFFMalformed    = "assertion.bmffHash.malformed"
	codeParents          = "manifest.multipleParents"
	codeUpdateParents    = "manifest.update.wrongParents"
	codeIngredientRight  = "ingredient.manifest.validated"
	codeIngredientWrong  = "ingredient.manifest.mismatch"
	codeIngredientGone   = "ingredient.manifest.missing"
	codeIngredientSign   = "ingredient.claimSignature.mismatch"
	codeNoProvenance     = "ingredient.unknownProvenance"
	codeGeneral          = "general.error"
	codeStampUnread      = "loam.timeStamp.notRead"
)

// inspection is one check of a file.
type inspection struct {
	modes
	src   media.Source
	held  *media.ManifestStore
	trust *Trust
	now   time.Time
	store *superbox

	active   *manifest
	all      map[string]*manifest
	order    []*manifest // as they are reached from the active one
	redacted map[string]bool
	known    map[Result]bool // what a signer recorded of an ingredient
	found    []Result
	digests  map[digested][]byte
	elements int // read so far of the lists in claims and assertions
}

// digested is a box, which many links may lead to, under one hash.
type digested struct {
	box *superbox
	h   crypto.Hash
}

// Limits of one inspection: an element of a list takes a byte in a file and a hundred in
// memory, a manifest forty and many hundreds, and a result may have a long name.
const (
	maxElements  = 20_000
	maxManifests = 2_000
	maxResults   = 5_000
)

// spend counts elements that were read and reports whether they may be kept.
func (in *inspection) spend(n int) bool {
	in.elements += n
	return in.elements <= maxElements
}

// digest is the digest of a box's body, made once.
func (in *inspection) digest(box *superbox, h crypto.Hash) []byte {
	k := digested{box, h}
	if in.digests[k] == nil {
		in.digests[k] = sum(h, box.body)
	}
	return in.digests[k]
}

// manifest is one that is being checked. Signature is nil until it is found.
type manifest struct {
	box        *superbox
	url        string // of the manifest
	claimBox   *superbox
	signature  *superbox
	assertions *superbox
	claim      claimForm
	said       Manifest

	bindings    []*superbox
	acted       [][]actionForm
	ingredients []ingredient
}

type ingredient struct {
	ingredientForm
	url string
}

func (m *manifest) signatureURL() string          { return m.url + "/" + labelSignature }
func (m *manifest) assertion(label string) string { return m.url + "/" + labelAssertions + "/" + label }

// add records a result, unless a signer knew of it when the ingredient was taken in.
func (in *inspection) add(level, code, url, detail string) {
	if in.known[Result{Code: code, URL: url}] {
		return
	}
	switch {
	case len(in.found) == maxResults:
		level, code, url, detail = LevelFailure, codeGeneral, "", "more results than are kept"
	case len(in.found) > maxResults:
		return
	}
	in.found = append(in.found, Result{Code: code, URL: url, Detail: detail, Level: level})
}

func (in *inspection) ok(code, url string)   { in.add(LevelSuccess, code, url, "") }
func (in *inspection) fail(code, url string) { in.add(LevelFailure, code, url, "") }

// run checks the active manifest against the file, then what it was made from. The error is
// one of reading the file.
func (in *inspection) run() error {
	in.all, in.redacted, in.known = map[string]*manifest{}, map[string]bool{}, map[Result]bool{}
	in.digests = map[digested][]byte{}
	manifests := 0
	for _, b := range in.store.boxes {
		if b.kind != typeManifest && b.kind != typeUpdate {
			continue
		}
		if manifests++; manifests > maxManifests {
			in.add(LevelFailure, codeGeneral, "", "more manifests than are read")
			return nil
		}
		in.active = &manifest{box: b, url: "self#jumbf=/c2pa/" + b.label}
		if in.all[b.label] != nil {
			in.fail(codeClaimMultiple, in.active.url)
		}
		in.all[b.label] = in.active
	}
	if in.active == nil {
		in.fail(codeClaimMissing, "")
		return nil
	}
	for _, m := range in.all {
		in.open(m)
	}
	in.check(in.active)
	if err := in.bind(in.active); err != nil {
		return err
	}
	in.descend(in.active, 0)
	return nil
}

// open finds the parts of a manifest and reads its claim, without judging.
func (in *inspection) open(m *manifest) {
	m.assertions = m.box.child(labelAssertions)
	m.signature = m.box.child(labelSignature)
	claims := m.box.of(typeClaim)
	if len(claims) != 1 || claims[0].holds != "cbor" || in.dec.Unmarshal(claims[0].content, &m.claim) != nil {
		return
	}
	if !in.spend(len(m.claim.Created) + len(m.claim.Gathered) + len(m.claim.Assertions) + len(m.claim.Redacted)) {
		m.claim = claimForm{}
		return
	}
	m.claimBox = claims[0]
	for _, url := range m.claim.Redacted {
		in.redacted[url] = true
	}
}

// check judges a manifest by itself: claim, signature, assertions.
func (in *inspection) check(m *manifest) {
	in.order = append(in.order, m)
	m.said = Manifest{Label: m.box.label, Actions: []Action{}, Ingredients: []Ingredient{}}
	if m.claimBox == nil {
		in.fail(claimFault(m), m.url)
		return
	}
	m.said.Title, m.said.InstanceID, m.said.Generator = m.claim.Title, m.claim.InstanceID, in.agent(m.claim.Generator)
	in.checkSignature(m)
	in.checkAssertions(m)
	in.checkActions(m)
}

func claimFault(m *manifest) string {
	switch len(m.box.of(typeClaim)) {
	case 0:
		return codeClaimMissing
	case 1:
		return codeClaimCBOR
	}
	return codeClaimMultiple
}

// checkAssertions follows the claim's links and reads what is known of what they lead to.
func (in *inspection) checkAssertions(m *manifest) {
	if m.assertions == nil {
		in.fail(codeAssertionMissing, m.url+"/"+labelAssertions)
		return
	}
	m.bindings, m.acted, m.ingredients = nil, nil, nil
	declared := map[string]bool{}
	for _, link := range m.claim.links() {
		label, inside := m.local(link.URL)
		if !inside {
			in.fail(codeAssertionOutside, link.URL)
			continue
		}
		if declared[label] {
			in.add(LevelFailure, codeClaimMalformed, m.url, "an assertion is linked twice")
			continue
		}
		declared[label] = true
		url := m.assertion(label)
		box := m.assertions.child(label)
		switch {
		case box == nil && in.redacted[url]:
		case box == nil:
			in.fail(codeAssertionMissing, url)
		case !in.matches(link, m.claim.Alg, box.body):
			in.fail(codeAssertionWrong, url)
		default:
			in.ok(codeAssertionMatch, url)
			in.read(m, label, box)
		}
	}
	for _, b := range m.assertions.boxes {
		if !declared[b.label] {
			in.fail(codeUndeclared, m.assertion(b.label))
		}
	}
}

// local is the label of an assertion of this manifest that a link leads to.
func (m *manifest) local(url string) (string, bool) {
	path, ok := strings.CutPrefix(url, "self#jumbf=")
	if !ok {
		return "", false
	}
	if absolute, ok := strings.CutPrefix(url, m.url); ok {
		path = strings.TrimPrefix(absolute, "/")
	}
	return strings.CutPrefix(path, labelAssertions+"/")
}

// matches reports whether a link's digest is that of a box.
func (in *inspection) matches(link hashedURI, alg string, body []byte) bool {
	if link.Alg != "" {
		alg = link.Alg
	}
	h, ok := digest(alg)
	return ok && bytes.Equal(sum(h, body), link.Hash)
}

// read takes in an assertion that is as it was signed. Those not known here are left alone.
func (in *inspection) read(m *manifest, label string, box *superbox) {
	var err error
	switch base, _, _ := strings.Cut(label, "__"); strings.TrimSuffix(strings.TrimSuffix(base, ".v2"), ".v3") {
	case "c2pa.actions":
		var f actionsForm
		if err = in.dec.Unmarshal(box.content, &f); err == nil && in.spend(len(f.Actions)) {
			m.acted = append(m.acted, f.Actions)
		}
	case "c2pa.ingredient":
		i := ingredient{url: m.assertion(label)}
		if err = in.dec.Unmarshal(box.content, &i.ingredientForm); err == nil && in.spend(1+i.recorded()) {
			m.ingredients = append(m.ingredients, i)
		}
	case labelTraining, "c2pa.training-mining":
		err = in.readTraining(m, box.content)
	case labelDisclosure:
		err = in.readDisclosure(m, box.content)
	case labelHash, "c2pa.hash.bmff", "c2pa.hash.boxes", "c2pa.hash.collection.data", "c2pa.hash.multi-asset":
		m.bindings = append(m.bindings, box)
	}
	switch {
	case err != nil:
		in.add(LevelFailure, codeAssertionCBOR, m.assertion(label), err.Error())
	case in.elements > maxElements:
		in.add(LevelFailure, codeGeneral, m.assertion(label), "more than is read")
	}
}

// readTraining reads either spelling of the entries' names: c2pa. came before cawg.
func (in *inspection) readTraining(m *manifest, b []byte) error {
	var f trainingForm
	if err := in.dec.Unmarshal(b, &f); err != nil {
		return err
	}
	m.said.Training = map[string]Use{}
	for name, u := range f.Entries {
		if rest, ok := strings.CutPrefix(name, "c2pa."); ok {
			name = "cawg." + rest
		}
		words := u.Constraints
		if words == "" {
			words = u.Older
		}
		m.said.Training[name] = Use{Use: u.Use, Constraints: words}
	}
	return nil
}

func (in *inspection) readDisclosure(m *manifest, b []byte) error {
	var f disclosureForm
	if err := in.dec.Unmarshal(b, &f); err != nil {
		return err
	}
	d := &Disclosure{ModelType: f.ModelType, ModelName: f.ModelName, ModelIdentifier: f.ModelIdentifier}
	if f.Profile != nil {
		d.HumanOversight = f.Profile.HumanOversight
	}
	m.said.Disclosure = d
	return nil
}
