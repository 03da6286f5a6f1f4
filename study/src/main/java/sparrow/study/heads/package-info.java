/**
 * Exit heads: {@link sparrow.study.heads.Harvest} records what a model decides from, layer by layer, and
 * {@link sparrow.study.heads.HeadTraining} makes heads of it (SPAR-K, section 4; docs/training.md).
 */
package sparrow.study.heads;
