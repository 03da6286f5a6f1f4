/**
 * Predicts how natural speech sounds to listeners: mean opinion scores from 1 to 5. Start with {@link MosScorers#open}
 * and {@link MosScorer}. Scores are predicted by DNSMOS and other ONNX networks, by a program or by a service. No
 * predictor is included.
 */
package sparrow.study.mos;
