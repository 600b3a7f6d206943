// Package classify reads a text for the risks it was taught: a linear model over hashed runs
// of one to four characters, one output a risk, each a calibrated probability. `make train`
// makes the weights anew from COLD (Deng et al., "COLD: A Benchmark for Chinese Offensive
// Language Detection", EMNLP 2022) and from the sentences in examples/.
//
// It stands apart because training and reading must cut a text into the same features: the
// trainer in train/ and the detector of screen both come here for them.
//
// Invariant: the same text and weights give the same bits on every machine. Sums are of
// integers; what is not goes through Exp and Log of this package, whose every product is
// rounded, since a compiler may fuse a product and a sum on one machine and not on another.
package classify
