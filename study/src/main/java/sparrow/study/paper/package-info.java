/**
 * The experiments of the SPAR-K paper in one run and on one page. Start with {@link PaperStudy}. {@link PaperCases}
 * contains the exit plans of each section, {@link LayerChoice} contains the exit layers chosen on held-out questions,
 * and {@link Claim} is a claim of the paper with its verdict. {@code compare} and {@code layers} generate the replies.
 */
package sparrow.study.paper;
