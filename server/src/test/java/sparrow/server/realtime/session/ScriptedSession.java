package sparrow.server.realtime.session;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import sparrow.server.message.Ids;
import sparrow.server.realtime.event.Client;
import sparrow.server.realtime.event.ClientEvent;
import sparrow.server.realtime.event.SessionConfig;
import sparrow.server.vad.EnergyVad;

/** A session with a scripted model, for tests of another protocol. */
public final class ScriptedSession {
    public final ScriptedModel model = new ScriptedModel();
    private final RealtimeSession session;

    public ScriptedSession(SessionConfig config, boolean callsTools, Client client, LongSupplier clock) {
        model.callsTools = callsTools;
        session = new RealtimeSession(
                new RealtimeSession.Identity("sess_1", "scripted", 1_800_000_000, config, Optional.empty()),
                new RealtimeOptions(
                        1,
                        RealtimeOptions.HOUR,
                        Duration.ofSeconds(30),
                        RealtimeOptions.OnInterrupt.KEEP,
                        EnergyVad::new),
                SessionMemory.ofSamples(1).share(),
                SessionMemory.ofTexts(1).share(),
                model,
                client,
                Talk.UNWATCHED,
                clock,
                new Ids(new Random(1)));
    }

    public void open() {
        session.open();
    }

    public void receive(ClientEvent.Named event) {
        session.receive(event);
    }

    public void tick() {
        session.tick();
    }
}
