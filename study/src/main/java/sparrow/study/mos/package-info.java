/**
 * Scores of how natural speech sounds, predicted as listeners would give them: mean opinion scores from 1 to 5. Start
 * with {@link MosScorers#open} and {@link MosScorer}. DNSMOS and other ONNX networks, a program or a service predict
 * them. The predictors are not included.
 */
package sparrow.study.mos;
