package sparrow.models.glm4voice;

import java.util.Set;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.JsonFile;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.AddedTokens;

/**
 * The special token ids of a GLM-4-Voice vocabulary.
 *
 * @param space the meaning of all ids
 * @param mask the first id of every conversation
 * @param start the second id of every conversation
 * @param system the id that begins the system turn
 * @param user the id that begins a user's turn
 * @param assistant the id that begins a reply
 * @param audioStart the id that precedes the codes of a question
 * @param audioEnd the id that follows the codes of a question
 */
public record Glm4VoiceTokens(
        TokenSpace space, int mask, int start, int system, int user, int assistant, int audioStart, int audioEnd) {
    /** The format with which the model was trained and that its instruction describes. */
    public static final InterleaveFormat INTERLEAVE = new InterleaveFormat(13, 26);

    /**
     * Looks up the ids by the names of the tokens.
     *
     * @param json the language model's {@code config.json}
     * @param vocabulary the number of rows in the embedding
     * @throws sparrow.formats.BadFileException if a token is missing, or the embedding has no row for it
     */
    static Glm4VoiceTokens of(Tokenizer tokenizer, JsonFile json, int vocabulary) {
        AddedTokens added = new AddedTokens(tokenizer, vocabulary, json.file().resolveSibling("tokenizer_config.json"));
        int offset = added.id(VoiceVocabulary.audioToken(0));
        int count = added.count(VoiceVocabulary::audioToken);
        Set<Integer> end = Set.copyOf(json.integers("eos_token_id"));
        for (int id : end) {
            if (id < 0 || id >= vocabulary) throw json.wrong("eos_token_id", "ids of the vocabulary");
        }
        return new Glm4VoiceTokens(
                new TokenSpace(offset, count, offset + count, end),
                added.id("[gMASK]"),
                added.id("<sop>"),
                added.id("<|system|>"),
                added.id("<|user|>"),
                added.id("<|assistant|>"),
                added.id("<|begin_of_audio|>"),
                added.id("<|end_of_audio|>"));
    }
}
