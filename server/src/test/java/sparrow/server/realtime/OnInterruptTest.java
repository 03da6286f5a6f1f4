package sparrow.server.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.PoolOptions;
import sparrow.server.Running;
import sparrow.server.realtime.session.RealtimeOptions.OnInterrupt;
import sparrow.server.realtime.session.TalkingModel;

/** What a server does with a reply that somebody interrupts and whose client says nothing of what was heard. */
class OnInterruptTest {
    @Tag("full")
    @Test
    void aServerThatIsToEstimateWhatWasHeardCutsAndSaysSo() throws IOException {
        try (Running running = new Running(Running.OPTIONS.withOnInterrupt(OnInterrupt.ESTIMATE), PoolOptions.DEFAULT);
                OfficialClient client =
                        new OfficialClient(running.server.address().getPort(), "none")) {
            client.say(TalkingModel.question(1));
            client.silence(0.8);
            client.await("response.output_audio.delta");

            client.say(TalkingModel.question(2));

            assertThat(OfficialClient.json(client.await("conversation.item.truncated")))
                    .containsEntry("content_index", 0L);
        }
    }
}
