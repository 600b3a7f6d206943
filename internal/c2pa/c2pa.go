// Package c2pa writes and checks Content Credentials: manifests of C2PA 2.2 in JPEG, PNG, WebP
// and MP4, signed with COSE, that say what made a file and what may be done with it.
//
// It stands apart because what it says must be checkable by anybody: the bytes are those of
// the specification, and another implementation is asked whether it agrees (see the tests).
// It is pure: keys, randomness, the time and whom to trust come in as values.
package c2pa

import (
	"crypto"
	"crypto/x509"
	"io"
	"time"

	"loam/internal/media"
)

// Digital source types of IPTC that AI-made content has (C2PA 2.2, 18.15.4.6).
const (
	SourceGenerated    = media.SourceURI + "trainedAlgorithmicMedia"
	SourceComposite    = media.SourceURI + "compositeWithTrainedAlgorithmicMedia"
	SourceEnhanced     = media.SourceURI + "algorithmicallyEnhanced"
	SourceHumanEdits   = media.SourceURI + "humanEdits"
	SourceDigitalMade  = media.SourceURI + "digitalCreation"
	SourceDigitalTaken = media.SourceURI + "digitalCapture"
)

// The actions that a claim begins with, or goes on with.
const (
	ActionCreated   = "c2pa.created"
	ActionOpened    = "c2pa.opened"
	ActionEdited    = "c2pa.edited"
	ActionPublished = "c2pa.published"
	ActionConverted = "c2pa.converted"
)

// Uses of content for machine learning (CAWG Training and Data Mining 1.1) and what may be
// said of one.
const (
	UseMining     = "cawg.data_mining"
	UseInference  = "cawg.ai_inference"
	UseGenerative = "cawg.ai_generative_training"
	UseTraining   = "cawg.ai_training"

	Allowed     = "allowed"
	NotAllowed  = "notAllowed"
	Constrained = "constrained"
)

// Uses are the four uses in the order they are written.
func Uses() []string { return []string{UseInference, UseGenerative, UseTraining, UseMining} }

// Agent is a program or a model by its name.
type Agent struct {
	Name    string `cbor:"name" json:"name"`
	Version string `cbor:"version,omitempty" json:"version,omitempty"`
}

// Action is one thing done to a file. SourceType is an IPTC digital source type as a URL.
type Action struct {
	Action     string `json:"action"`
	SourceType string `json:"source_type,omitempty"`
	Agent      Agent  `json:"agent"`
}

// Use is what is said of one use. Constraints is the condition of Constrained in words.
type Use struct {
	Use         string `json:"use"`
	Constraints string `json:"constraints,omitempty"`
}

// Disclosure is what c2pa.ai-disclosure says of the model that made a file (C2PA 2.4).
type Disclosure struct {
	ModelType       string `json:"model_type,omitempty"`
	ModelName       string `json:"model_name,omitempty"`
	ModelIdentifier string `json:"model_identifier,omitempty"`
	HumanOversight  string `json:"human_oversight,omitempty"`
}

// Claim is what to say of a file.
type Claim struct {
	Generator  Agent // the program that signs
	Title      string
	InstanceID string // unique for this version of the file; one is made if it is empty
	// Created says that the file was made here, by Agent, as SourceType says, which is needed
	// then. A file that is not, or that has a manifest already, was opened.
	Created    bool
	SourceType string
	Agent      Agent
	// Origin is what Keep kept of a file that this one was made from, nil for none. A file that
	// has a manifest still, or was created here, has no other origin.
	Origin []byte
	// Then is what was done after the file was created or opened.
	Then []Action
	// TrainingMining says for each use what Use.Use may be; a use it does not name is not
	// allowed.
	TrainingMining map[string]Use
	AI             *Disclosure
}

// Signer signs claims. Chain begins with the certificate of Key; a root in it is left out of
// the manifest. Trust and Now judge a manifest the file has already.
type Signer struct {
	Chain []*x509.Certificate
	Key   crypto.Signer
	Rand  io.Reader
	Now   time.Time
	Trust *Trust
}

// Labels of what a manifest consists of (C2PA 2.2, 11.1.4).
const (
	labelStore      = "c2pa"
	labelAssertions = "c2pa.assertions"
	labelClaim      = "c2pa.claim.v2"
	labelSignature  = "c2pa.signature"
	labelActions    = "c2pa.actions.v2"
	labelIngredient = "c2pa.ingredient.v3"
	labelTraining   = "cawg.training-mining"
	labelDisclosure = "c2pa.ai-disclosure"
	labelHash       = "c2pa.hash.data"
	labelHashBMFF   = "c2pa.hash.bmff.v3"
)
