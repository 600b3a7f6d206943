package media

import "bytes"

// maxAttributes bounds the attributes of an XML element, and the namespaces of a document: a parser
// holds each in many times its bytes.
const maxAttributes = 4096

// crowded reports whether XML has more of them than are held, or words between two tags that read
// like it.
func crowded(b []byte) bool {
	if bytes.Count(b, []byte("xmlns")) > maxAttributes {
		return true
	}
	for tag := range bytes.SplitSeq(b, []byte("<")) {
		if bytes.Count(tag, []byte("=")) > maxAttributes {
			return true
		}
	}
	return false
}
