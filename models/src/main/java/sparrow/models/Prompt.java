package sparrow.models;

/**
 * The ids that a turn appends to the conversation.
 *
 * @param tokens prompt ids, from the end of the previous turn to the start of the reply
 * @param shared leading ids that every conversation of its kind begins with, the system turn; 0 for a later turn
 * @param questionSeconds length of the spoken question; 0 for a typed one
 * @param unspeakableCodes codes of the question that have no token in the language model, and were left out
 */
public record Prompt(int[] tokens, int shared, double questionSeconds, int unspeakableCodes) {}
