package sparrow.server.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import sparrow.engine.decode.Limits;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.ChatHistory;
import sparrow.server.Running;
import sparrow.server.Wire;
import sparrow.server.reply.AudioEncoderService;

/** Stock clients let an agent begin the conversation: the last message of their chat is an instruction. */
class LastInstructionTest {
    private static final String CHAT = "/v1/chat/completions";

    @Test
    void anInstructionAtTheEndIsAnsweredByAModelThatFollowsThem() throws Exception {
        try (Running running = Running.lfm2(Running.OPTIONS, Limits.newTokens(20))) {
            ChatHistory greeting =
                    read(running.model, message("system", "Be kind."), message("developer", "Say hello."));
            assertThat(greeting.instructions()).hasValue("Be kind.");
            assertThat(greeting.question()).isEqualTo(new Question.Typed("Say hello."));

            ChatHistory goodbye = read(
                    running.model,
                    message("user", "hello"),
                    message("assistant", "hello"),
                    message("system", "Say goodbye."));
            assertThat(goodbye.instructions()).isEmpty();
            assertThat(goodbye.earlier()).hasSize(1);
            assertThat(goodbye.question()).isEqualTo(new Question.Typed("Say goodbye."));

            assertThat(chat(running, "system").status()).isEqualTo(200);
        }
    }

    @Test
    void theErrorOfAModelWithoutInstructionsSaysSo() throws Exception {
        try (Running running = new Running()) {
            Wire.Said said = chat(running, "developer");
            assertThat(said.status()).isEqualTo(400);
            assertThat(said.message()).contains("question of the user", "does not follow instructions");
        }
    }

    private static Wire.Said chat(Running running, String role) throws Exception {
        try (Wire wire = new Wire(running.server.address())) {
            return wire.post(
                    CHAT,
                    "{\"model\":\"" + Running.MODEL + "\",\"messages\":[{\"role\":\"" + role
                            + "\",\"content\":\"Say hello.\"}]}");
        }
    }

    private static ChatBody.Message message(String role, String text) {
        return new ChatBody.Message(role, List.of(ChatBody.Part.of(text)), null, null, null);
    }

    private static ChatHistory read(SpokenModel model, ChatBody.Message... messages) {
        return new MessageReader(model, new KeptReplies(Clock.systemUTC()))
                .read(List.of(messages), List.of(), new AudioEncoderService(model, 1).listen());
    }
}
