package media

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

	"loam"
)

// The IPTC property and the vocabulary of its values (IPTC Photo Metadata Standard,
// DigitalSourceType; C2PA 2.2 uses the same terms and adds its own).
const (
	nsIPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
	// SourceURI stands before a term of the IPTC vocabulary.
	SourceURI = "http://cv.iptc.org/newscodes/digitalsourcetype/"
)

// SourceTerms lists the terms a writer may state, as they stand behind the vocabulary's
// address: how something fully generated, composed with generated parts, or enhanced by a
// model came to be.
func SourceTerms() []string {
	return []string{"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicallyEnhanced"}
}

// aiTerms are the terms that say AI.
var aiTerms = append(SourceTerms(), "trainedAlgorithmicData")

// SourceState is what a source type says of AI: IsAI for the four terms that mean a trained
// model, NotAI for all others. Whether algorithmicallyEnhanced counts is a policy's to set:
// a caller that decides otherwise goes by Found.Raw, which is the term.
func SourceState(term string) loam.AIState {
	if slices.Contains(aiTerms, term) {
		return loam.IsAI
	}
	return loam.NotAI
}

func isSource(n xml.Name) bool { return n.Local == "DigitalSourceType" }

// resource is the value of an element that gives it as rdf:resource, as values that are
// addresses may be (XMP specification part 1, 7.5).
func resource(t xml.StartElement) []byte {
	for _, a := range t.Attr {
		if a.Name.Space == nsRDF && a.Name.Local == "resource" && isSource(t.Name) {
			return []byte(a.Value)
		}
	}
	return nil
}

// sourceMarks are the source types of a packet that say AI, given as an address of either
// vocabulary, in either scheme, or as the bare term.
func (p *packet) sourceMarks(place string) []Found {
	var out []Found
	for _, h := range p.sources {
		text := strings.TrimSpace(string(h.value))
		term := text[strings.LastIndexByte(text, '/')+1:]
		if SourceState(term) == loam.NotAI {
			continue
		}
		f := Found{Kind: KindSource, State: SourceState(term), Place: place, Raw: term, Defects: []Defect{}}
		if h.space != nsIPTC {
			f.warn("namespace")
		}
		if text != SourceURI+term && text != "http://c2pa.org/digitalsourcetype/"+term {
			f.warn("vocabulary")
		}
		out = append(out, f)
	}
	return out
}

// sourceType reads what C2PA says of a file's making without checking the manifest: said in
// metadata, it counts as evidence (Labelling Measures Art. 6).
func sourceType(b []byte, place string) []Found {
	if !bytes.Contains(b, []byte("digitalsourcetype/")) {
		return nil
	}
	for _, v := range aiTerms {
		if bytes.Contains(b, []byte("digitalsourcetype/"+v)) {
			return []Found{{Kind: KindSource, State: loam.IsAI, Place: place, Raw: v, Defects: []Defect{}}}
		}
	}
	return nil
}
