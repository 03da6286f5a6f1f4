/**
 * The experiments of the SPAR-K paper in one run and on one page: start with {@link PaperStudy}. {@link PaperCases} are the exit plans of
 * each section, {@link LayerChoice} the exit layers that held-out questions give, and {@link Claim} a sentence of the paper with
 * the verdict on it. The replies come from {@code compare} and {@code layers}.
 */
package sparrow.study.paper;
