package sparrow.models.glm4voice;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.text.UnlistedTokens;

/**
 * The ids of GLM-4-Voice's tokens after the byte-pair tokens: named tokens, reserved tokens, and one token per speech
 * code. They are added to a tokenizer whose files do not list them.
 *
 * @param textTokens the number of byte-pair tokens, which is also the first id after them
 * @param audioOffset the id of {@code <|audio_0|>}
 * @param audioTokens the number of audio tokens; the ids after them are padding
 */
public record VoiceVocabulary(int textTokens, int audioOffset, int audioTokens) implements UnlistedTokens {
    private static final List<String> NAMED = List.of(
            "<|endoftext|>",
            "[MASK]",
            "[gMASK]",
            "[sMASK]",
            "<sop>",
            "<eop>",
            "<|system|>",
            "<|user|>",
            "<|assistant|>",
            "<|observation|>",
            "<|begin_of_image|>",
            "<|end_of_image|>",
            "<|begin_of_video|>",
            "<|end_of_video|>",
            "<|begin_of_audio|>",
            "<|end_of_audio|>",
            "<|begin_of_transcription|>",
            "<|end_of_transcription|>");

    /** The vocabulary of the published 9B model. Its codebook has one code more than there are audio tokens. */
    public static final VoiceVocabulary GLM_4_VOICE_9B = new VoiceVocabulary(151_329, 152_353, 16_383);

    public VoiceVocabulary {
        if (textTokens < 256 || audioTokens < 1 || audioOffset < textTokens + NAMED.size()) {
            throw new IllegalArgumentException("voice vocabulary: expected at least 256 text tokens, then "
                    + NAMED.size() + " named ones, then audio tokens, got " + textTokens + " text tokens and "
                    + audioTokens + " audio tokens from " + audioOffset);
        }
    }

    /** Returns the text of a speech code's audio token. Codes are counted from 0. */
    static String audioToken(int code) {
        return "<|audio_" + code + "|>";
    }

    /** Returns the meaning of the ids. */
    public TokenSpace tokens(Set<Integer> endTokens) {
        return new TokenSpace(audioOffset, audioTokens, audioOffset + audioTokens, endTokens);
    }

    /**
     * Returns all added tokens if the files list no audio tokens and have as many byte-pair tokens as this vocabulary,
     * or an empty map otherwise.
     */
    @Override
    public Map<Integer, String> missing(int textTokens, Set<String> listed) {
        boolean complete = listed.contains(audioToken(0));
        return complete || textTokens != this.textTokens ? Map.of() : addedTokens();
    }

    /** Returns all added tokens by id. */
    public Map<Integer, String> addedTokens() {
        Map<Integer, String> tokens = new TreeMap<>();
        for (int id = textTokens; id < audioOffset; id++) {
            int place = id - textTokens;
            tokens.put(id, place < NAMED.size() ? NAMED.get(place) : "<|reserved_" + id + "|>");
        }
        for (int code = 0; code < audioTokens; code++) tokens.put(audioOffset + code, audioToken(code));
        return tokens;
    }
}
