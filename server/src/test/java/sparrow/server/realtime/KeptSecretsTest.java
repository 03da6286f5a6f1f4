package sparrow.server.realtime;

import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.server.EveryField;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The settings of client secrets are counted, in whichever field they came. */
@Tag("full")
class KeptSecretsTest {
    private static final String SECRET = """
            {"expires_after":{"anchor":"created_at","seconds":600},"session":{"type":"realtime","model":"scripted",
            "instructions":"be brief","audio":{"input":{"turn_detection":{"type":"server_vad"},"transcription":{"model":"any"},
            "noise_reduction":{"type":"near_field"}},"output":{"voice":"default"}},"max_output_tokens":100,"tools":[],
            "tool_choice":"auto","truncation":"auto","include":[],"prompt":{"id":"p"},"tracing":"auto","reasoning":{}}}""";

    @Test
    void whatASecretKeepsIsCounted() {
        try (ClientSecrets secrets = new ClientSecrets(Clock.systemUTC(), "scripted", Optional.empty(), config -> {
            if (!config.reply().voice().equals("default")) throw RefusedException.value("voice", "voice: unknown");
            return config;
        })) {
            EveryField.assertCounted(SECRET, body -> {
                try {
                    secrets.create(Json.object(body));
                } catch (RefusedException e) {
                    // Nothing is kept.
                    if (body.equals(SECRET)) throw e;
                }
                return secrets;
            });
        }
    }
}
