package c2pa

import (
	"slices"

	"github.com/fxamacker/cbor/v2"
)

// The CBOR of a manifest, named as the specification does.

// hashedURI is a link to a box and the digest of it (C2PA 2.2, 8.4.2).
type hashedURI struct {
	URL  string `cbor:"url"`
	Alg  string `cbor:"alg,omitempty"`
	Hash []byte `cbor:"hash"`
}

// claimForm is a claim of version 2, and what one of version 1 has instead.
type claimForm struct {
	InstanceID string          `cbor:"instanceID"`
	Generator  cbor.RawMessage `cbor:"claim_generator_info,omitempty"`
	Signature  string          `cbor:"signature"`
	Created    []hashedURI     `cbor:"created_assertions,omitempty"`
	Gathered   []hashedURI     `cbor:"gathered_assertions,omitempty"`
	Assertions []hashedURI     `cbor:"assertions,omitempty"` // version 1
	Redacted   []string        `cbor:"redacted_assertions,omitempty"`
	Title      string          `cbor:"dc:title,omitempty"`
	Format     string          `cbor:"dc:format,omitempty"` // version 1
	Alg        string          `cbor:"alg,omitempty"`
}

func (c *claimForm) links() []hashedURI { return slices.Concat(c.Created, c.Gathered, c.Assertions) }

type actionsForm struct {
	Actions []actionForm `cbor:"actions"`
}

type actionForm struct {
	Action     string          `cbor:"action"`
	Agent      cbor.RawMessage `cbor:"softwareAgent,omitempty"` // a map, a string in version 1
	SourceType string          `cbor:"digitalSourceType,omitempty"`
	Parameters *parametersForm `cbor:"parameters,omitempty"`
}

type parametersForm struct {
	Ingredients []hashedURI `cbor:"ingredients,omitempty"`
	Ingredient  *hashedURI  `cbor:"ingredient,omitempty"` // version 1
}

type ingredientForm struct {
	Relationship string       `cbor:"relationship"`
	Title        string       `cbor:"dc:title,omitempty"`
	Format       string       `cbor:"dc:format,omitempty"`
	InstanceID   string       `cbor:"instanceID,omitempty"`
	Results      *resultsForm `cbor:"validationResults,omitempty"`
	Manifest     *hashedURI   `cbor:"activeManifest,omitempty"`
	Signature    *hashedURI   `cbor:"claimSignature,omitempty"`
	Before       *hashedURI   `cbor:"c2pa_manifest,omitempty"` // versions 1 and 2
	Status       []Result     `cbor:"validationStatus,omitempty"`
}

func (i *ingredientForm) manifest() *hashedURI {
	if i.Manifest != nil {
		return i.Manifest
	}
	return i.Before
}

// recorded is how many results a signer recorded of an ingredient.
func (i *ingredientForm) recorded() int {
	n := len(i.Status)
	if r := i.Results; r != nil {
		n += len(r.Active.Success) + len(r.Active.Informational) + len(r.Active.Failure)
	}
	return n
}

// resultsForm is what the signer of an ingredient's parent found out about it.
type resultsForm struct {
	Active statusForm `cbor:"activeManifest"`
}

type statusForm struct {
	Success       []Result `cbor:"success"`
	Informational []Result `cbor:"informational"`
	Failure       []Result `cbor:"failure"`
}

type trainingForm struct {
	Entries map[string]useForm `cbor:"entries"`
}

type useForm struct {
	Use         string `cbor:"use"`
	Constraints string `cbor:"constraints_info,omitempty"`
	Older       string `cbor:"constraint_info,omitempty"`
}

type disclosureForm struct {
	ModelType       string       `cbor:"modelType,omitempty"`
	ModelName       string       `cbor:"modelName,omitempty"`
	ModelIdentifier string       `cbor:"modelIdentifier,omitempty"`
	Profile         *profileForm `cbor:"contentProfile,omitempty"`
}

type profileForm struct {
	HumanOversight string `cbor:"humanOversightLevel,omitempty"`
}

// dataHashForm binds a manifest to all bytes of a file but the excluded ones (18.5).
type dataHashForm struct {
	Exclusions []exclusionForm `cbor:"exclusions,omitempty"`
	Name       string          `cbor:"name,omitempty"`
	Alg        string          `cbor:"alg,omitempty"`
	Hash       []byte          `cbor:"hash"`
	Pad        []byte          `cbor:"pad"`
}

type exclusionForm struct {
	Start  int64 `cbor:"start"`
	Length int64 `cbor:"length"`
}

// bmffHashForm binds a manifest to the boxes of a file (18.6).
type bmffHashForm struct {
	Exclusions []boxExclusion  `cbor:"exclusions"`
	Alg        string          `cbor:"alg,omitempty"`
	Hash       []byte          `cbor:"hash,omitempty"`
	Merkle     cbor.RawMessage `cbor:"merkle,omitempty"`
	Name       string          `cbor:"name,omitempty"`
}

type boxExclusion struct {
	Path    string    `cbor:"xpath"`
	Length  *int64    `cbor:"length,omitempty"`
	Data    []boxData `cbor:"data,omitempty"`
	Subset  []boxPart `cbor:"subset,omitempty"`
	Version *int64    `cbor:"version,omitempty"`
	Flags   []byte    `cbor:"flags,omitempty"`
	Exact   *bool     `cbor:"exact,omitempty"`
}

type boxData struct {
	Offset int64  `cbor:"offset"`
	Value  []byte `cbor:"value"`
}

type boxPart struct {
	Offset int64 `cbor:"offset"`
	Length int64 `cbor:"length"`
}

// modes are the encoder and decoder: exact names, no doubled keys, bounded sizes.
type modes struct {
	enc cbor.EncMode
	dec cbor.DecMode
}

func newModes() (modes, error) {
	enc, err := cbor.EncOptions{Sort: cbor.SortCoreDeterministic}.EncMode()
	if err != nil {
		return modes{}, err
	}
	dec, err := cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, FieldNameMatching: cbor.FieldNameMatchingCaseSensitive,
		MaxNestedLevels: 16, MaxArrayElements: 1024, MaxMapPairs: 1024, UTF8: cbor.UTF8RejectInvalid,
	}.DecMode()
	return modes{enc, dec}, err
}

// agent reads a software agent or claim generator: a map, a list that begins with one, or a
// name.
func (m modes) agent(raw cbor.RawMessage) Agent {
	var a Agent
	if len(raw) == 0 || m.dec.Unmarshal(raw, &a) == nil {
		return a
	}
	var list []Agent
	if m.dec.Unmarshal(raw, &list) == nil && len(list) > 0 {
		return list[0]
	}
	var name string
	if m.dec.Unmarshal(raw, &name) == nil {
		return Agent{Name: name}
	}
	return Agent{}
}
