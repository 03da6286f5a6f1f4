package sparrow.webrtc;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Hashtable;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.Vector;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SRTPProtectionProfile;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The server's side of a call's DTLS handshake, which agrees on the keys of {@link Srtp} (RFC 5764). Both sides have
 * self-signed certificates, whose fingerprints are part of the session descriptions.
 */
final class DtlsServer extends DefaultTlsServer {
    /** Maximum length of a client's RSA key. The duration of a signature's verification grows with both numbers. */
    private static final int MAX_MODULUS_BITS = 4096;

    private static final int MAX_EXPONENT_BITS = 128;

    private static final Set<ASN1ObjectIdentifier> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    /** Time after which the first messages are sent again. Later times are twice as long. */
    private static final int RESEND_MILLIS = 150;

    private final Identity identity;
    private final byte[] clientFingerprint;
    private final Duration patience;
    private Srtp inbound;
    private Srtp outbound;
    private volatile boolean closed;

    /** The server's key and its self-signed certificate, which all calls share. */
    static final class Identity {
        static final SignatureAndHashAlgorithm SIGNATURE =
                new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

        final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
        final AsymmetricKeyParameter key;
        final Certificate certificate;
        private final String fingerprint;

        /** Creates a key and a certificate. */
        Identity() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                KeyPair pair = generator.generateKeyPair();
                byte[] encoded = selfSigned(pair);
                key = PrivateKeyFactory.createKey(pair.getPrivate().getEncoded());
                certificate = new Certificate(new TlsCertificate[] {crypto.createCertificate(encoded)});
                fingerprint = HexFormat.ofDelimiter(":")
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
            } catch (GeneralSecurityException | IOException e) {
                throw new IllegalStateException(e); // every JDK has these algorithms
            }
        }

        private static byte[] selfSigned(KeyPair pair) throws GeneralSecurityException, IOException {
            AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
            X500Name name = new X500Name("CN=Sparrow");
            Instant now = Instant.now();
            V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
            generator.setSerialNumber(new ASN1Integer(new BigInteger(63, new SecureRandom())));
            generator.setSignature(algorithm);
            generator.setIssuer(name);
            generator.setSubject(name);
            generator.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1)))));
            generator.setEndDate(new Time(Date.from(now.plus(Duration.ofDays(3650)))));
            generator.setSubjectPublicKeyInfo(
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            TBSCertificate body = generator.generateTBSCertificate();
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body.getEncoded());
            ASN1EncodableVector all = new ASN1EncodableVector();
            all.add(body);
            all.add(algorithm);
            all.add(new DERBitString(signature.sign()));
            return new DERSequence(all).getEncoded();
        }

        /** Returns the certificate's SHA-256, in the notation of session descriptions. */
        String fingerprint() {
            return fingerprint;
        }
    }

    /**
     * Creates the server's side of one handshake.
     *
     * @param clientFingerprint the SHA-256 of the client's certificate, in the notation of session descriptions
     * @param patience the maximum duration of the handshake
     */
    DtlsServer(Identity identity, String clientFingerprint, Duration patience) {
        super(identity.crypto);
        this.identity = identity;
        this.clientFingerprint = HexFormat.ofDelimiter(":").parseHex(clientFingerprint.toLowerCase(Locale.ROOT));
        this.patience = patience;
    }

    /** Returns the cipher that decrypts the client's packets. Must be called after the handshake. */
    Srtp inbound() {
        return inbound;
    }

    /** Returns the cipher that encrypts packets to the client. Must be called after the handshake. */
    Srtp outbound() {
        return outbound;
    }

    /** Returns whether the client has closed the connection. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return (int) patience.toMillis();
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return RESEND_MILLIS;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.DTLSv12.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {
            CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        };
    }

    @Override
    protected TlsCredentialedSigner getECDSASignerCredentials() {
        return new BcDefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                identity.crypto,
                identity.key,
                identity.certificate,
                Identity.SIGNATURE);
    }

    @Override
    public CertificateRequest getCertificateRequest() {
        Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
        algorithms.add(Identity.SIGNATURE);
        algorithms.add(new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.rsa));
        short[] types = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};
        return new CertificateRequest(types, algorithms, null);
    }

    @Override
    public void notifyClientCertificate(Certificate chain) throws IOException {
        if (chain == null || chain.isEmpty()) throw new TlsFatalAlert(AlertDescription.bad_certificate);
        byte[] encoded = chain.getCertificateAt(0).getEncoded();
        try {
            byte[] found = MessageDigest.getInstance("SHA-256").digest(encoded);
            if (!MessageDigest.isEqual(found, clientFingerprint)) {
                throw new TlsFatalAlert(AlertDescription.bad_certificate);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has this algorithm
        }
        if (!hasCommonKey(encoded)) throw new TlsFatalAlert(AlertDescription.unsupported_certificate);
    }

    /** Returns whether a certificate has a key for ECDSA on a curve of NIST, or for RSA with up to 4,096 bits. */
    private static boolean hasCommonKey(byte[] certificate) {
        try {
            SubjectPublicKeyInfo info = org.bouncycastle.asn1.x509.Certificate.getInstance(certificate)
                    .getSubjectPublicKeyInfo();
            AlgorithmIdentifier algorithm = info.getAlgorithm();
            if (algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
                // A curve can also be described by its parameters, of any length.
                return algorithm.getParameters() instanceof ASN1ObjectIdentifier curve && CURVES.contains(curve);
            }
            if (!algorithm.getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) return false;
            RSAPublicKey key = RSAPublicKey.getInstance(info.parsePublicKey());
            return key.getModulus().bitLength() <= MAX_MODULUS_BITS
                    && key.getPublicExponent().bitLength() <= MAX_EXPONENT_BITS;
        } catch (IOException | RuntimeException e) {
            return false; // Bouncy Castle throws unchecked exceptions for malformed certificates
        }
    }

    @Override
    public void processClientExtensions(@SuppressWarnings("rawtypes") Hashtable extensions) throws IOException {
        super.processClientExtensions(extensions);
        UseSRTPData offered = TlsSRTPUtils.getUseSRTPExtension(extensions);
        if (offered == null
                || Arrays.stream(offered.getProtectionProfiles())
                        .noneMatch(one -> one == SRTPProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80)) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Hashtable getServerExtensions() throws IOException {
        Hashtable extensions = super.getServerExtensions();
        int[] profile = {SRTPProtectionProfile.SRTP_AES128_CM_HMAC_SHA1_80};
        TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profile, TlsUtils.EMPTY_BYTES));
        return extensions;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        int key = Srtp.KEY_BYTES;
        int salt = Srtp.SALT_BYTES;
        byte[] keys = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
        int salts = 2 * key;
        inbound = new Srtp(Arrays.copyOf(keys, key), Arrays.copyOfRange(keys, salts, salts + salt));
        outbound = new Srtp(
                Arrays.copyOfRange(keys, key, salts), Arrays.copyOfRange(keys, salts + salt, salts + 2 * salt));
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (description == AlertDescription.close_notify) closed = true;
    }
}
