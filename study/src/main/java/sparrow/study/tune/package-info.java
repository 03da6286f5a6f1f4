/** Chooses an exit policy: the largest share of depth saved that a budget of quality allows, on held-out questions. */
package sparrow.study.tune;
