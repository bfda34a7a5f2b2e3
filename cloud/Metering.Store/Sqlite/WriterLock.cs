namespace Metering.Store.Sqlite;

/// <summary>The right to append to a store or to change what is in it: a file that one process holds open.</summary>
internal static class WriterLock
{
    /// <exception cref="StoreException">Another process has it (75), or the file cannot be made (73).</exception>
    public static FileStream Take(string path)
    {
        try
        {
            return new(path + ".writer", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path + ".writer"))
        {
            throw new StoreException(
                "otro proceso escribe lecturas en el almacén {0}. Deténgalo, o dé a este un almacén propio.", $"another process brings readings into the store {path}. Stop it, or give this one a store of its own.", StoreException.TryLater, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                "no se puede escribir {0}.writer. Dé a este usuario permiso de escritura en la carpeta del almacén.", $"cannot write {path}.writer. Give this user write access to the directory of the store.", StoreException.CannotCreate, e);
        }
    }
}
