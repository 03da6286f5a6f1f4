package sparrow.webrtc;

import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The addresses of a call's client: those from which checks have come, those at which the client has proved to be, and
 * the one to which datagrams are sent. Thread-safe.
 */
final class ClientAddresses {
    /** Maximum number of addresses, because a client's machine may change between networks. */
    private static final int MAX = 64;

    private static final int TRANSACTION_BYTES = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** The transactions of the challenges to the client, keyed by its addresses. */
    private final Map<InetSocketAddress, byte[]> challenges = new ConcurrentHashMap<>();

    /** The addresses from which a challenge was answered, or a packet has come that only the client can have sent. */
    private final Set<InetSocketAddress> proven = ConcurrentHashMap.newKeySet();

    private volatile InetSocketAddress remote;

    /** The address that the client has selected last, or null. */
    private volatile InetSocketAddress selected;

    /** Adds an address, and returns whether it was already contained or there was room for it. */
    boolean add(InetSocketAddress address) {
        if (!challenges.containsKey(address) && challenges.size() >= MAX) return false;
        challenges.computeIfAbsent(address, _ -> {
            byte[] transaction = new byte[TRANSACTION_BYTES];
            RANDOM.nextBytes(transaction);
            return transaction;
        });
        return true;
    }

    /** Returns the transaction of the challenge to an address that was added. */
    byte[] challenge(InetSocketAddress address) {
        return challenges.get(address);
    }

    /** Processes the answer to a challenge. */
    void answered(InetSocketAddress from, byte[] transaction) {
        if (MessageDigest.isEqual(challenges.get(from), transaction)) proven.add(from);
    }

    /** Returns whether the client has shown that it receives at an address. */
    boolean isProven(InetSocketAddress address) {
        return proven.contains(address);
    }

    /**
     * Records a check from an address. After the handshake, a selected address is used when a packet of audio or a
     * report has arrived from it, because others can repeat a check that they have observed, but not such a packet.
     *
     * @param selects whether the client selects the address
     * @param isEstablished whether the handshake is complete
     */
    void checked(InetSocketAddress from, boolean selects, boolean isEstablished) {
        if (selects) selected = from;
        if (remote == null || selects && !isEstablished) remote = from;
    }

    /** Records a packet that only the client can have sent. */
    void heard(InetSocketAddress from) {
        if (challenges.containsKey(from)) proven.add(from);
    }

    /** Records a packet of audio or a report that only the client can have sent. */
    void heardAudio(InetSocketAddress from) {
        heard(from);
        if (from.equals(selected)) remote = from;
    }

    /** Returns the address to which datagrams are sent, or null before the first check. */
    InetSocketAddress remote() {
        return remote;
    }
}
