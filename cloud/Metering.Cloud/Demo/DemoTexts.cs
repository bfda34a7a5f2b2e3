namespace Metering.Cloud.Demo;

/// <summary>What the demo says, in Mexican Spanish or English.</summary>
internal sealed class DemoTexts(bool spanish)
{
    /// <summary>Whether Spanish is spoken.</summary>
    public bool Spanish => spanish;

    public string Title => Choose("Metering: demostración con cinco plantas simuladas", "Metering: demonstration with five simulated plants");

    public string Broker => Choose("Bróker MQTT (mosquitto) en marcha", "MQTT broker (mosquitto) runs");

    public string Field => Choose("Campo simulado: medidores Modbus TCP y RTU", "Simulated field: meters on Modbus TCP and RTU");

    public string Keys => Choose("Llaves creadas y gateways dados de alta", "Keys made, gateways enrolled");

    public string Cloud => Choose("Nube: ingestión, almacén y páginas", "Cloud: ingestion, store and pages");

    public string History => Choose("Historia por el camino real (Modbus, outbox, MQTT, ingestión)", "History through the real path (Modbus, outbox, MQTT, ingestion)");

    public string Savings => Choose("Líneas base y ahorros calculados", "Baselines and savings computed");

    public string Checks => Choose("Autoverificación", "Self-check");

    public string ReadingsPerSecond => Choose("lecturas/s", "readings/s");

    public string Readings => Choose("lecturas", "readings");

    public string InstallLine(string line) => Choose($"mosquitto no está instalado y no puede instalarse sin permisos. Ejecute: {line}", $"mosquitto is not installed and may not be installed from here. Run: {line}");

    public string SentIsStored => Choose("enviado = almacenado, lectura por lectura contadas", "sent = stored, every reading counted");

    public string EverySlot => Choose("cada intervalo previsto está: con valor o con su motivo", "every scheduled reading is there: a value or its reason");

    public string PartsAreTotal => Choose("la suma de las partes = el total del registro", "sum of the parts = total of the register");

    public string TruthInside => Choose("el ahorro verdadero (conocido) cae en su intervalo", "the known true saving lies inside its interval");

    public string NotSignificant => Choose("un ahorro casi nulo no se afirma", "a saving next to nothing is not claimed");

    public string ChainVerifies => Choose("lotes firmados: la cadena se verifica sin la nube", "signed batches: the chain verifies without the cloud");

    public string AlteredRefused => Choose("un lote alterado a propósito se rechaza", "a batch altered on purpose is refused");

    public string Bundles => Choose("Paquetes de evidencia, uno por proyecto", "Evidence bundles, one for each project");

    public string BundlesVerify => Choose("cada ahorro se calcula de nuevo sin la nube, byte por byte, desde su paquete de evidencia", "each saving is computed anew without the cloud, byte for byte, from its evidence bundle");

    public string BundlesVerifyAgain => Choose("un segundo verificador, en Python, llega a lo mismo", "a second verifier, in Python, finds the same");

    public string AlteredBundleRefused => Choose("un paquete con un bit cambiado se rechaza", "a bundle with one bit changed is refused");

    public string InfluxEqual => Choose("InfluxDB = almacén (cuenta y suma por canal y día)", "InfluxDB = store (count and sum per channel and day)");

    public string Passed => Choose("cumple", "passed");

    public string Failed => Choose("FALLA", "FAILED");

    public string OpenThis(string address) => Choose($"Abra {address}", $"Open {address}");

    public string StopHint => Choose("Sigue en tiempo real (una lectura cada 15 s). Ctrl+C termina.", "Goes on in real time (a reading every 15 s). Ctrl+C ends it.");

    public string KeptIn(string folder) => Choose($"Todo quedó en {folder}", $"Everything was left in {folder}");

    public string CheckFailed(string name) => Choose($"La autoverificación falló: {name}", $"The self-check failed: {name}");

    public string Simulated => Choose("Todas las plantas son simuladas; los medidores contestan en sockets y líneas Modbus reales.", "All plants are simulated; their meters answer on real Modbus sockets and lines.");

    public string NotEmpty(string folder) => Choose($"{folder} no está vacía. Indique con --keep una carpeta nueva o vacía.", $"{folder} is not empty. Name a new or empty folder with --keep.");

    private string Choose(string es, string en) => spanish ? es : en;
}
