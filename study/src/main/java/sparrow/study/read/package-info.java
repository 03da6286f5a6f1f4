/**
 * Reads finished replies again. {@link ReplyReader} returns the hidden states of every token after chosen layers, for
 * the layer study and for training data. This class is the only access to hidden states: decoding itself has no hooks.
 */
package sparrow.study.read;
