package sparrow.models.lfm2;

import java.util.List;
import java.util.Optional;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.ChatMl;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptWriter;

/**
 * Builds prompts for conversations and other tasks, which are selected by the sentence in the system turn.
 *
 * @param chat the writer of the turns
 */
public record Lfm2Prompts(ChatMl chat) {
    /** The system turn of the official conversation demo, without which the model does not reply with speech. */
    public static final String INTERLEAVED = "Respond with interleaved text and audio.";

    private static final String TRANSCRIBE = "Perform ASR.";

    /** @param width number of channels of an embedding */
    static Lfm2Prompts of(Tokenizer tokenizer, Lfm2Tokens tokens, int width) {
        return new Lfm2Prompts(new ChatMl(
                tokenizer, tokens.start(), tokens.turnStart(), tokens.turnEnd(), Lfm2Tokens.PLACEHOLDER, width));
    }

    /** Returns the builders for a conversation. */
    ChatMl.Conversation conversation() {
        return new ChatMl.Conversation(chat, INTERLEAVED, Optional.empty());
    }

    /** Returns the builder for recordings to transcribe. */
    PromptBuilder<List<float[]>> transcribed() {
        return chat.single(TRANSCRIBE, chat::pieces);
    }

    /**
     * Returns the builder for text to read aloud.
     *
     * @param voice the voice's name in the official system turn, such as {@code US female}
     */
    PromptBuilder<String> readAloud(String voice) {
        return chat.single("Perform TTS. Use the " + voice + " voice.", PromptWriter::text);
    }
}
